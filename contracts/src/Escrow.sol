// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {EscrowParameters} from "./escrow/EscrowParameters.sol";
import {Payouts} from "./escrow/Payouts.sol";
import {IArbitrable} from "./interfaces/IArbitrable.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IEscrowFunding} from "./interfaces/IEscrowFunding.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";

/// @title Escrows for single large tasks
contract Escrow is Payouts {
    /// @inheritdoc IEscrow
    uint64 public constant HOLD_LIMIT = 180 days;

    uint64 private constant MAX_TERM = 365 days;
    uint64 private constant MAX_APPROVAL_WINDOW = 90 days;
    uint256 private constant MAX_CONDITION_BYTES = 4_096;

    uint256 private _count;

    constructor(address authority, Parameters memory given) EscrowParameters(authority, given) {}

    /// @inheritdoc IEscrowFunding
    function fund(Terms calldata terms) external nonReentrant whenNotPaused returns (uint256 escrowId) {
        _checkTerms(terms);
        escrowId = ++_count;
        uint256 received = _pull(terms.token, terms.amount);
        _terms[escrowId] = terms;
        _terms[escrowId].amount = received;
        Record storage record = _records[escrowId];
        record.state = State.Funded;
        record.feeBps = _set.feeBps;
        record.damagesBps = _set.damagesBps;
        record.court = _set.court;
        emit Funded(
            escrowId, terms.requester, terms.provider, msg.sender, terms.token, received, terms.taskHash
        );
    }

    /// @inheritdoc IEscrow
    function deliver(uint256 escrowId, bytes32 resultHash) external {
        _deliver(escrowId, resultHash);
    }

    /// @inheritdoc IEscrow
    function deliverVerified(uint256 escrowId, bytes32 resultHash, bytes calldata evidence) external nonReentrant {
        _deliver(escrowId, resultHash);
        _verify(escrowId, evidence);
    }

    /// @inheritdoc IEscrow
    function verify(uint256 escrowId, bytes calldata evidence) external nonReentrant {
        _requireState(escrowId, State.Delivered);
        _verify(escrowId, evidence);
    }

    /// @inheritdoc IEscrow
    function release(uint256 escrowId) external nonReentrant {
        Record storage record = _records[escrowId];
        bool elapsed = record.state == State.Delivered && block.timestamp >= record.approveBy;
        bool approved = _isOpen(record) && msg.sender == _terms[escrowId].requester;
        if (!elapsed && !approved) {
            revert NotReleasable(escrowId, record.state, record.approveBy, block.timestamp);
        }
        _close(escrowId, State.Released, BPS);
    }

    /// @inheritdoc IEscrow
    function refund(uint256 escrowId) external nonReentrant {
        Record storage record = _records[escrowId];
        Terms storage terms = _terms[escrowId];
        bool expired = record.state == State.Funded && block.timestamp > terms.deliverBy;
        bool returned = _isOpen(record) && msg.sender == terms.provider;
        if (!expired && !returned) {
            revert NotRefundable(escrowId, record.state, terms.deliverBy, block.timestamp);
        }
        _close(escrowId, State.Refunded, 0);
    }

    /// @inheritdoc IArbitrable
    function hold(uint256 escrowId, address opener) external nonReentrant returns (address respondent) {
        Record storage record = _requireState(escrowId, State.Delivered);
        Terms storage terms = _terms[escrowId];
        if (msg.sender != record.court) revert OnlyCourt(msg.sender, record.court);
        if (opener != terms.requester) revert OnlyRequester(opener, terms.requester);
        if (block.timestamp >= record.approveBy) revert ApprovalWindowPassed(record.approveBy, block.timestamp);
        record.state = State.Held;
        record.lapsesAt = uint64(block.timestamp) + HOLD_LIMIT;
        emit Held(escrowId, msg.sender, record.lapsesAt);
        return terms.provider;
    }

    /// @inheritdoc IArbitrable
    function rule(uint256 escrowId, uint16 respondentBps, bool forOpener) external nonReentrant {
        Record storage record = _requireState(escrowId, State.Held);
        if (msg.sender != record.court) revert OnlyCourt(msg.sender, record.court);
        if (respondentBps > BPS) revert ShareOverWhole(respondentBps);
        _close(escrowId, State.Ruled, respondentBps);
        if (forOpener) _slash(escrowId, BPS - respondentBps);
    }

    /// @inheritdoc IEscrow
    function lapse(uint256 escrowId) external nonReentrant {
        Record storage record = _requireState(escrowId, State.Held);
        if (block.timestamp < record.lapsesAt) revert RulingStillOpen(record.lapsesAt, block.timestamp);
        _close(escrowId, State.Lapsed, BPS / 2);
    }

    /// @inheritdoc IEscrow
    function escrowOf(uint256 escrowId) external view returns (Terms memory terms, Record memory record) {
        return (_terms[escrowId], _records[escrowId]);
    }

    function _deliver(uint256 escrowId, bytes32 resultHash) private {
        Record storage record = _requireState(escrowId, State.Funded);
        Terms storage terms = _terms[escrowId];
        if (msg.sender != terms.provider) revert OnlyProvider(msg.sender, terms.provider);
        if (resultHash == 0) revert NoResult();
        if (block.timestamp > terms.deliverBy) revert DeliveryTooLate(terms.deliverBy, block.timestamp);
        record.state = State.Delivered;
        record.resultHash = resultHash;
        record.approveBy = uint64(block.timestamp) + terms.approvalWindow;
        emit Delivered(escrowId, resultHash, record.approveBy);
    }

    /// @dev The verifier is a stranger's code: it can write nothing, and no more than one word of its answer is read.
    /// The gas it burns is its caller's.
    function _verify(uint256 escrowId, bytes calldata evidence) private {
        Terms memory terms = _terms[escrowId];
        bytes memory call =
            abi.encodeCall(IVerifier.verify, (escrowId, terms, _records[escrowId].resultHash, evidence));
        (bool success, bytes32 answer,) = LowLevelCall.staticcallReturn64Bytes(terms.verifier, call);
        if (!success || LowLevelCall.returnDataSize() != 32 || uint256(answer) != 1) {
            revert NotVerified(escrowId, terms.verifier);
        }
        emit Verified(escrowId, terms.verifier);
        _close(escrowId, State.Released, BPS);
    }

    function _checkTerms(Terms calldata terms) private view {
        if (terms.requester == address(0) || terms.provider == address(0)) revert ZeroAddress();
        if (terms.requester == terms.provider) revert SameParty(terms.requester);
        uint256 latest = block.timestamp + MAX_TERM;
        if (terms.deliverBy < block.timestamp || terms.deliverBy > latest) {
            revert BadDeadline(terms.deliverBy, block.timestamp, latest);
        }
        uint64 shortest = _set.minApprovalWindow;
        if (terms.approvalWindow < shortest || terms.approvalWindow > MAX_APPROVAL_WINDOW) {
            revert BadApprovalWindow(terms.approvalWindow, shortest, MAX_APPROVAL_WINDOW);
        }
        if (terms.condition.length > MAX_CONDITION_BYTES) {
            revert ConditionTooLong(terms.condition.length, MAX_CONDITION_BYTES);
        }
    }

    function _requireState(uint256 escrowId, State state) private view returns (Record storage record) {
        record = _records[escrowId];
        if (record.state != state) revert WrongState(escrowId, record.state);
    }

    function _isOpen(Record storage record) private view returns (bool) {
        return record.state == State.Funded || record.state == State.Delivered;
    }
}
