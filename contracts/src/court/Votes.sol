// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVotes} from "../interfaces/IVotes.sol";
import {Arbitrators} from "./Arbitrators.sol";

/// @title Commitments, votes, and what they earn or cost
abstract contract Votes is Arbitrators {
    /// @inheritdoc IVotes
    function commitVote(uint256 disputeId, bytes32 commitment) external {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase != Phase.Accepting && dispute.phase != Phase.Committing) {
            revert WrongPhase(disputeId, dispute.phase);
        }
        _requireInTime(disputeId, dispute);
        Seats storage seats = _seats[disputeId][dispute.round][msg.sender];
        if (seats.count == 0) revert NoSeat(disputeId, dispute.round, msg.sender);
        if (seats.commitment != 0) revert AlreadyCommitted(disputeId, msg.sender);
        if (commitment == 0) revert NoChoice();
        seats.commitment = commitment;
        _rounds[disputeId][dispute.round].committed += seats.count;
        emit Committed(disputeId, dispute.round, msg.sender, commitment);
    }

    /// @inheritdoc IVotes
    function revealVote(uint256 disputeId, address voter, Side choice, bytes32 salt) external {
        Dispute storage dispute = _during(disputeId, Phase.Revealing);
        uint256 roundNumber = dispute.round;
        Seats storage seats = _seats[disputeId][roundNumber][voter];
        if (choice == Side.None) revert NoChoice();
        if (seats.choice != Side.None) revert AlreadyRevealed(disputeId, voter);
        bytes32 given = commitmentOf(disputeId, roundNumber, voter, choice, salt);
        if (seats.commitment != given) revert WrongReveal(seats.commitment, given);
        seats.choice = choice;
        Round storage round = _rounds[disputeId][roundNumber];
        round.revealed += seats.count;
        if (choice == Side.Opener) round.forOpener += seats.count;
        else round.forRespondent += seats.count;
        emit Revealed(disputeId, roundNumber, voter, choice, seats.count);
    }

    /// @inheritdoc IVotes
    function collect(uint256 disputeId, uint256 roundNumber, address voter) external {
        _requireNoDrawDue();
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase != Phase.Closed) revert WrongPhase(disputeId, dispute.phase);
        Seats storage seats = _seats[disputeId][roundNumber][voter];
        if (seats.count == 0) revert NoSeat(disputeId, roundNumber, voter);
        if (seats.collected) revert AlreadyCollected(disputeId, roundNumber, voter);
        seats.collected = true;
        Side verdict = dispute.verdict;
        uint256 back = 0;
        uint256 reward = 0;
        if (seats.choice != Side.None) {
            back = _rulesOf(dispute).seatStake;
            if (verdict == Side.None || seats.choice == verdict) reward = _rounds[disputeId][roundNumber].reward;
            else back -= _penalty(dispute);
        }
        (back, reward) = (back * seats.count, reward * seats.count);
        _unlock(dispute, voter, back);
        _payFrom(dispute, voter, reward);
        emit Collected(disputeId, roundNumber, voter, back, reward);
    }

    /// @inheritdoc IVotes
    function commitmentOf(uint256 disputeId, uint256 round, address voter, Side choice, bytes32 salt)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(disputeId, round, voter, choice, salt));
    }

    /// @dev What the round's votes say.
    function _verdictOf(Round storage round) internal view returns (Side) {
        bool quorum = round.revealed * 2 > round.seats;
        if (!quorum || round.forOpener == round.forRespondent) return Side.None;
        return round.forOpener > round.forRespondent ? Side.Opener : Side.Respondent;
    }

    /// @dev Fixes what a round's seats are paid when its dispute is closed.
    /// @return fees What of it the losing side's bond pays.
    /// @return rest What its seats lost and no seat is paid: the remainder of the division, or all where none is paid.
    function _fixReward(Dispute storage dispute, Round storage round) internal returns (uint256 fees, uint256 rest) {
        Parameters storage rules = _rulesOf(dispute);
        uint256 paid = round.revealed;
        if (dispute.verdict == Side.Opener) paid = round.forOpener;
        if (dispute.verdict == Side.Respondent) paid = round.forRespondent;
        uint256 lost = (round.revealed - paid) * _penalty(dispute)
            + uint256(round.filled - round.revealed) * rules.seatStake;
        uint256 fee = rules.feePerSeat;
        uint256 share = paid == 0 ? 0 : lost / paid;
        round.reward = fee + share;
        return (fee * paid, lost - share * paid);
    }

    function _penalty(Dispute storage dispute) private view returns (uint256) {
        Parameters storage rules = _rulesOf(dispute);
        return uint256(rules.seatStake) * rules.incoherenceBps / BPS;
    }
}
