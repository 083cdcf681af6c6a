// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrable} from "./IArbitrable.sol";
import {IVotes} from "./IVotes.sol";

/// @title Disputes
/// @notice matching → evidence → drawing → accepting (→ drawing once more, for seats declined) → committing → revealing
/// → appealing → closed; appealing → matching, by an appeal; revealing → closed, after the last round. Matching →
/// closed, for whoever posted, when the other side does not match; matching or evidence of the first round → closed, by
/// a concession. A panel without arbitrators goes from accepting to appealing at once, and decides for neither.
/// @dev Every step but the parties' and voters' own is anyone's to take once its window has passed: `advance`, or `draw`
/// while drawing. So every dispute ends, whatever they do, within the sum of its windows and the time somebody takes to
/// call. Governance cannot stop it: nothing here asks whether the court is paused.
interface IDisputes is IVotes {
    enum Phase {
        None,
        Matching,
        Evidence,
        Drawing,
        Accepting,
        Committing,
        Revealing,
        Appealing,
        Closed
    }

    struct Dispute {
        IArbitrable subject;
        uint256 subjectId;
        address opener;
        address respondent;
        Phase phase;
        uint8 round;
        /// @dev Who must match a bond, while matching.
        Side owing;
        /// @dev What the last panel decided.
        Side verdict;
        /// @dev Whose offer the ruling is; known once closed.
        Side winner;
        bool executed;
        /// @dev What the respondent keeps by each side's offer, in basis points.
        uint16 openerBps;
        uint16 respondentBps;
        /// @dev Not the end while drawing, which ends by the draw.
        uint64 phaseEndsAt;
        /// @dev Which parameters it was opened under.
        uint32 version;
        /// @dev Of the court's tokens, what is this dispute's: bonds, and what its seats lock.
        uint256 held;
    }

    struct Round {
        uint16 seats;
        uint16 filled;
        uint16 committed;
        uint16 revealed;
        uint16 forOpener;
        uint16 forRespondent;
        uint8 draws;
        /// @dev Who posted each side's bond; zero where nobody did.
        address openerPayer;
        address respondentPayer;
        /// @dev Known once closed: what each seat is paid that voted with the last panel.
        uint256 reward;
    }

    struct Seats {
        uint16 count;
        Side choice;
        bool collected;
        bytes32 commitment;
    }

    struct Exhibit {
        address by;
        uint64 shownAt;
        bytes32 contentHash;
    }

    event DisputeOpened(
        uint256 indexed disputeId,
        address indexed subject,
        uint256 indexed subjectId,
        address opener,
        address respondent,
        uint16 respondentBps
    );
    event DisputeAnswered(uint256 indexed disputeId, address indexed respondent, uint16 respondentBps);
    event BondPosted(uint256 indexed disputeId, uint256 indexed round, Side side, address payer, uint256 amount);
    event EvidenceSubmitted(
        uint256 indexed disputeId, address indexed by, uint256 index, string uri, bytes32 contentHash
    );
    event PhaseBegun(uint256 indexed disputeId, uint256 indexed round, Phase phase, uint256 endsAt);
    event PanelDecided(uint256 indexed disputeId, uint256 indexed round, Side verdict, uint256 revealed);
    event Conceded(uint256 indexed disputeId, address indexed by);
    event DisputeClosed(uint256 indexed disputeId, Side winner, uint16 respondentBps);
    event RulingExecuted(uint256 indexed disputeId);
    /// @notice The subject did not take the ruling; `execute` tries again.
    event RulingRefused(uint256 indexed disputeId);

    error NoRespondent(address respondent);
    error OfferOutOfBounds(uint256 respondentBps, uint256 above, uint256 upTo);
    error OnlyParty(address caller);
    error OnlyRespondent(address caller, address respondent);
    error WrongPhase(uint256 disputeId, Phase phase);
    error PhasePassed(uint256 disputeId, Phase phase, uint256 endsAt, uint256 nowAt);
    error PhaseStillOpen(uint256 disputeId, Phase phase, uint256 endsAt, uint256 nowAt);
    error BondShort(uint256 received, uint256 bond);
    error NothingToAppeal(address winner);
    error AlreadyExecuted(uint256 disputeId);
    error RulingFailed(uint256 disputeId);
    /// @notice Too little gas for the subject to take its ruling.
    error TooLittleGas(uint256 left, uint256 needed);

    /// @notice Disputes a subject, with a bond from the caller's wallet: the respondent shall keep `respondentBps` of it.
    function open(
        IArbitrable subject,
        uint256 subjectId,
        uint16 respondentBps,
        string calldata uri,
        bytes32 contentHash
    ) external returns (uint256 disputeId);

    /// @notice The respondent answers with an offer of its own, above the opener's, and matches the bond.
    function answer(uint256 disputeId, uint16 respondentBps, string calldata uri, bytes32 contentHash) external;

    /// @notice Shows a side's evidence: where it is, and the hash it must have. While matching and taking evidence.
    function submitEvidence(uint256 disputeId, string calldata uri, bytes32 contentHash) external;

    /// @notice A side gives in before a panel is drawn: the other's offer is ruled. Its bond, where it posted one, goes
    /// half to the other side for the trouble, half back.
    function concede(uint256 disputeId) external;

    /// @notice The side a panel decided against, or either where it decided for neither, has a larger one look at it,
    /// with a bond for its seats.
    function appeal(uint256 disputeId) external;

    /// @notice Posts the bond that an appeal demands of the other side; anyone may, for it, and is paid back for it.
    function matchAppeal(uint256 disputeId) external;

    /// @notice Takes the step that is due; anyone may call it.
    function advance(uint256 disputeId) external;

    /// @notice Has the subject take a ruling it has not yet taken; anyone may call it.
    function execute(uint256 disputeId) external;

    function disputeOf(uint256 disputeId) external view returns (Dispute memory);

    function roundOf(uint256 disputeId, uint256 round) external view returns (Round memory);

    function seatsOf(uint256 disputeId, uint256 round, address arbitrator) external view returns (Seats memory);

    function evidenceOf(uint256 disputeId) external view returns (Exhibit[] memory);

    /// @notice What each side posts for a round of a dispute.
    function bondOf(uint256 disputeId, uint256 round) external view returns (uint256);
}
