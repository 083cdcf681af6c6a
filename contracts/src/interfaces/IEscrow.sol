// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrable} from "./IArbitrable.sol";
import {IEscrowFunding} from "./IEscrowFunding.sol";
import {IEscrowParameters} from "./IEscrowParameters.sol";

/// @title Money set aside for one large task
/// @notice none → funded → delivered → released, by the requester, by the verifier's yes, or by anyone once the approval
/// window has passed; delivered → held → ruled, by the court; held → lapsed, where no court rules. Funded → refunded, by
/// anyone once `deliverBy` has passed; funded or delivered → refunded by the provider, → released by the requester.
/// Whatever is paid out is credited, and pulled: one receiver cannot stop another.
/// @dev A verifier's no changes nothing: the requester's window goes on, and so do its release and its dispute. A dispute
/// stops the verifier; a provider that wants its yes to come first delivers and verifies in one step. Only what was
/// delivered can be disputed, so nobody's stake answers for terms its provider never took up. A token whose balances
/// change by themselves does not fit: such a token harms only the escrows in it.
interface IEscrow is IEscrowFunding, IArbitrable, IEscrowParameters {
    enum State {
        None,
        Funded,
        Delivered,
        Held,
        Released,
        Refunded,
        Ruled,
        Lapsed
    }

    struct Record {
        State state;
        /// @dev As they were when it was funded.
        uint16 feeBps;
        uint16 damagesBps;
        address court;
        /// @dev The second from which anyone may release it; 0 until it is delivered.
        uint64 approveBy;
        /// @dev The second from which it can lapse; 0 until it is held.
        uint64 lapsesAt;
        bytes32 resultHash;
    }

    event Funded(
        uint256 indexed escrowId,
        address indexed requester,
        address indexed provider,
        address funder,
        address token,
        uint256 amount,
        bytes32 taskHash
    );
    event Delivered(uint256 indexed escrowId, bytes32 resultHash, uint64 approveBy);
    event Verified(uint256 indexed escrowId, address indexed verifier);
    event Held(uint256 indexed escrowId, address indexed court, uint64 lapsesAt);
    /// @notice The escrow came to its end in `state`: so much is credited to each.
    event Closed(uint256 indexed escrowId, State state, uint256 toProvider, uint256 toRequester, uint256 fee);
    /// @notice A ruling took `taken` of the node's stake, of the `damages` it could have.
    event StakeSlashed(uint256 indexed escrowId, address indexed node, uint256 damages, uint256 taken);
    /// @notice A ruling could not reach the node's stake; the money in the escrow is paid out by it all the same.
    event SlashFailed(uint256 indexed escrowId, address indexed node, uint256 damages);
    event Withdrawn(address indexed owner, address indexed token, uint256 amount);

    error ZeroAmount();
    error SameParty(address party);
    error BadDeadline(uint64 deliverBy, uint256 nowAt, uint256 latest);
    error BadApprovalWindow(uint64 window, uint64 minimum, uint64 maximum);
    error ConditionTooLong(uint256 length, uint256 maximum);
    error WrongState(uint256 escrowId, State state);
    error OnlyProvider(address caller, address provider);
    error OnlyRequester(address caller, address requester);
    error OnlyCourt(address caller, address court);
    error NoResult();
    error DeliveryTooLate(uint256 deliverBy, uint256 nowAt);
    error NotVerified(uint256 escrowId, address verifier);
    error NotReleasable(uint256 escrowId, State state, uint256 approveBy, uint256 nowAt);
    error NotRefundable(uint256 escrowId, State state, uint256 deliverBy, uint256 nowAt);
    error ApprovalWindowPassed(uint256 approveBy, uint256 nowAt);
    error RulingStillOpen(uint256 lapsesAt, uint256 nowAt);
    error ShareOverWhole(uint16 respondentBps);
    /// @notice Too little gas for the slash: the caller could otherwise make it fail.
    error TooLittleGas(uint256 left, uint256 needed);
    error NothingToWithdraw(address owner, address token);

    /// @notice Says what the caller, the escrow's provider, delivers. Once, until `deliverBy`.
    function deliver(uint256 escrowId, bytes32 resultHash) external;

    /// @notice Delivers, and has the verifier release it in the same step; or reverts.
    function deliverVerified(uint256 escrowId, bytes32 resultHash, bytes calldata evidence) external;

    /// @notice Releases a delivered escrow if its verifier says yes to `evidence`, or reverts. Anyone may call it.
    function verify(uint256 escrowId, bytes calldata evidence) external;

    /// @notice Pays the provider: by the requester at any time before a dispute; by anyone once the approval window of a
    /// delivery has passed. In a dispute the requester gives in by conceding it, at the court.
    function release(uint256 escrowId) external;

    /// @notice Pays the requester back: by the provider at any time before a dispute; by anyone once `deliverBy` has
    /// passed without a delivery.
    function refund(uint256 escrowId) external;

    /// @notice Ends the hold of a court that did not rule within HOLD_LIMIT, with half to each side; anyone may call it.
    function lapse(uint256 escrowId) external;

    /// @notice Pays what is credited to `owner` to its wallet; anyone may call it.
    function withdraw(address owner, address token) external;

    /// @notice What is credited to `owner`.
    function balanceOf(address owner, address token) external view returns (uint256);

    /// @notice An escrow's terms, its amount being what was received, and where it stands.
    function escrowOf(uint256 escrowId) external view returns (Terms memory terms, Record memory record);

    /// @notice What to set aside, at the fee of now, so that the provider is paid `price`.
    function amountFor(uint256 price) external view returns (uint256);

    /// @notice Seconds a court has to rule. Longer than the longest case of Stoa's court, appeals included.
    function HOLD_LIMIT() external view returns (uint64);
}
