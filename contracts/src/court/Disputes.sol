// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {Rulings} from "./Rulings.sol";

/// @title What the parties do, and the steps that are anyone's to take
abstract contract Disputes is Rulings {
    mapping(uint256 disputeId => Exhibit[]) private _evidence;
    uint256 private _count;

    /// @inheritdoc IDisputes
    function open(
        IArbitrable subject,
        uint256 subjectId,
        uint16 respondentBps,
        string calldata uri,
        bytes32 contentHash
    ) external nonReentrant returns (uint256 disputeId) {
        if (respondentBps >= BPS) revert OfferOutOfBounds(respondentBps, 0, BPS - 1);
        disputeId = ++_count;
        Dispute storage dispute = _disputes[disputeId];
        dispute.subject = subject;
        dispute.subjectId = subjectId;
        dispute.opener = msg.sender;
        dispute.openerBps = respondentBps;
        // What the respondent asks for that says nothing else.
        dispute.respondentBps = uint16(BPS);
        dispute.version = uint32(_versions.length - 1);
        address respondent = subject.hold(subjectId, msg.sender);
        if (respondent == address(0) || respondent == msg.sender) revert NoRespondent(respondent);
        dispute.respondent = respondent;
        emit DisputeOpened(disputeId, address(subject), subjectId, msg.sender, respondent, respondentBps);
        _beginRound(disputeId, 0, _rulesOf(dispute).firstSeats, Side.Opener);
        _addEvidence(disputeId, uri, contentHash);
    }

    /// @inheritdoc IDisputes
    function answer(uint256 disputeId, uint16 respondentBps, string calldata uri, bytes32 contentHash)
        external
        nonReentrant
    {
        Dispute storage dispute = _during(disputeId, Phase.Matching);
        if (dispute.round != 0) revert WrongPhase(disputeId, dispute.phase);
        if (msg.sender != dispute.respondent) revert OnlyRespondent(msg.sender, dispute.respondent);
        if (respondentBps <= dispute.openerBps || respondentBps > BPS) {
            revert OfferOutOfBounds(respondentBps, dispute.openerBps, BPS);
        }
        dispute.respondentBps = respondentBps;
        emit DisputeAnswered(disputeId, msg.sender, respondentBps);
        _match(disputeId);
        _addEvidence(disputeId, uri, contentHash);
    }

    /// @inheritdoc IDisputes
    function submitEvidence(uint256 disputeId, string calldata uri, bytes32 contentHash) external {
        Dispute storage dispute = _disputes[disputeId];
        _sideOf(dispute, msg.sender);
        if (dispute.phase != Phase.Matching && dispute.phase != Phase.Evidence) {
            revert WrongPhase(disputeId, dispute.phase);
        }
        _requireInTime(disputeId, dispute);
        _addEvidence(disputeId, uri, contentHash);
    }

    /// @inheritdoc IDisputes
    function concede(uint256 disputeId) external nonReentrant {
        Dispute storage dispute = _disputes[disputeId];
        Side side = _sideOf(dispute, msg.sender);
        bool early = dispute.phase == Phase.Matching || dispute.phase == Phase.Evidence;
        if (!early || dispute.round != 0) revert WrongPhase(disputeId, dispute.phase);
        Round storage round = _rounds[disputeId][0];
        (address own, address other) = (round.openerPayer, round.respondentPayer);
        if (side == Side.Respondent) (own, other) = (other, own);
        uint256 bond = _bondOf(dispute, round);
        (round.openerPayer, round.respondentPayer) = (address(0), address(0));
        if (other != address(0)) _payFrom(dispute, other, bond);
        if (own != address(0)) {
            _payFrom(dispute, own, bond - bond / 2);
            _payFrom(dispute, side == Side.Opener ? dispute.respondent : dispute.opener, bond / 2);
        }
        emit Conceded(disputeId, msg.sender);
        _end(disputeId, _against(side));
    }

    /// @inheritdoc IDisputes
    function appeal(uint256 disputeId) external nonReentrant {
        Dispute storage dispute = _during(disputeId, Phase.Appealing);
        Side side = _sideOf(dispute, msg.sender);
        if (side == dispute.verdict) revert NothingToAppeal(msg.sender);
        uint16 seats = _rounds[disputeId][dispute.round].seats;
        ++dispute.round;
        _beginRound(disputeId, dispute.round, 2 * seats + 1, side);
    }

    /// @inheritdoc IDisputes
    function matchAppeal(uint256 disputeId) external nonReentrant {
        Dispute storage dispute = _during(disputeId, Phase.Matching);
        if (dispute.round == 0) revert WrongPhase(disputeId, dispute.phase);
        _match(disputeId);
    }

    /// @inheritdoc IDisputes
    function advance(uint256 disputeId) external nonReentrant {
        Dispute storage dispute = _disputes[disputeId];
        Phase phase = dispute.phase;
        if (phase == Phase.None || phase == Phase.Drawing || phase == Phase.Closed) {
            revert WrongPhase(disputeId, phase);
        }
        if (block.timestamp < dispute.phaseEndsAt && !_isComplete(phase, _rounds[disputeId][dispute.round])) {
            revert PhaseStillOpen(disputeId, phase, dispute.phaseEndsAt, block.timestamp);
        }
        _takeStep(disputeId, phase);
    }

    /// @inheritdoc IDisputes
    function evidenceOf(uint256 disputeId) external view returns (Exhibit[] memory) {
        return _evidence[disputeId];
    }

    /// @dev Opens a round with `side`'s bond, which the other side must match.
    function _beginRound(uint256 disputeId, uint256 number, uint16 seats, Side side) private {
        Dispute storage dispute = _disputes[disputeId];
        _rounds[disputeId][number].seats = seats;
        _postBond(disputeId, side);
        dispute.owing = _against(side);
        _begin(disputeId, Phase.Matching, _rulesOf(dispute).responseWindow);
    }

    function _match(uint256 disputeId) private {
        Dispute storage dispute = _disputes[disputeId];
        _postBond(disputeId, dispute.owing);
        _begin(disputeId, Phase.Evidence, _rulesOf(dispute).evidenceWindow);
    }

    function _postBond(uint256 disputeId, Side side) private {
        Dispute storage dispute = _disputes[disputeId];
        Round storage round = _rounds[disputeId][dispute.round];
        uint256 bond = _bondOf(dispute, round);
        dispute.held += bond;
        if (side == Side.Opener) round.openerPayer = msg.sender;
        else round.respondentPayer = msg.sender;
        emit BondPosted(disputeId, dispute.round, side, msg.sender, bond);
        uint256 received = _pull(bond);
        if (received != bond) revert BondShort(received, bond);
    }

    function _addEvidence(uint256 disputeId, string calldata uri, bytes32 contentHash) private {
        Exhibit[] storage exhibits = _evidence[disputeId];
        exhibits.push(Exhibit(msg.sender, uint64(block.timestamp), contentHash));
        emit EvidenceSubmitted(disputeId, msg.sender, exhibits.length - 1, uri, contentHash);
    }

    function _takeStep(uint256 disputeId, Phase phase) private {
        Dispute storage dispute = _disputes[disputeId];
        if (phase == Phase.Matching) _end(disputeId, _against(dispute.owing));
        else if (phase == Phase.Evidence) _requestDraw(disputeId);
        else if (phase == Phase.Accepting) _seatPanel(disputeId);
        else if (phase == Phase.Committing) _begin(disputeId, Phase.Revealing, _rulesOf(dispute).revealWindow);
        else if (phase == Phase.Revealing) _decide(disputeId);
        else _end(disputeId, dispute.verdict);
    }

    /// @dev Seats that are still empty are drawn for once more; then the panel is whoever is on it.
    function _seatPanel(uint256 disputeId) private {
        Dispute storage dispute = _disputes[disputeId];
        Round storage round = _rounds[disputeId][dispute.round];
        if (round.filled < round.seats && round.draws < MAX_DRAWS) _requestDraw(disputeId);
        else if (round.filled == 0) _decide(disputeId);
        else _begin(disputeId, Phase.Committing, _rulesOf(dispute).commitWindow);
    }

    function _decide(uint256 disputeId) private {
        Dispute storage dispute = _disputes[disputeId];
        Round storage round = _rounds[disputeId][dispute.round];
        Side verdict = _verdictOf(round);
        dispute.verdict = verdict;
        emit PanelDecided(disputeId, dispute.round, verdict, round.revealed);
        Parameters storage rules = _rulesOf(dispute);
        if (dispute.round + 1 == rules.rounds) _end(disputeId, verdict);
        else _begin(disputeId, Phase.Appealing, rules.appealWindow);
    }

    /// @dev Whether everybody whose turn it is has had it.
    function _isComplete(Phase phase, Round storage round) private view returns (bool) {
        if (phase == Phase.Accepting) return round.filled == round.seats && round.committed == round.filled;
        if (phase == Phase.Committing) return round.committed == round.filled;
        if (phase == Phase.Revealing) return round.revealed == round.committed;
        return false;
    }

    function _sideOf(Dispute storage dispute, address party) private view returns (Side) {
        if (party == dispute.opener) return Side.Opener;
        if (party != dispute.respondent) revert OnlyParty(party);
        return Side.Respondent;
    }

    function _against(Side side) private pure returns (Side) {
        return side == Side.Opener ? Side.Respondent : Side.Opener;
    }
}
