// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrators} from "../interfaces/IArbitrators.sol";
import {StakeTree} from "../libraries/StakeTree.sol";
import {Cases} from "./Cases.sol";

/// @title Stakes and draws
abstract contract Arbitrators is Cases {
    using StakeTree for StakeTree.Tree;

    struct Arbitrator {
        uint256 staked;
        uint256 unstaking;
        uint256 unlockAt;
        /// @dev Its leaf in the tree; 0 before it first stakes.
        uint256 leaf;
    }

    struct Draw {
        uint256 disputeId;
        uint256 seedBlock;
    }

    /// @dev Blocks from the request to the seed: far enough that its proposer knows nothing of it when it is asked for.
    uint256 private constant SEED_DELAY = 4;
    /// @dev Draws of a round: one, and one for the seats declined in it.
    uint256 internal constant MAX_DRAWS = 2;
    /// @dev Tries for each seat: one finds no arbitrator only where a seat came to lock more than it used to.
    uint256 private constant TRIES_PER_SEAT = 4;

    mapping(address arbitrator => Arbitrator) private _arbitrators;
    mapping(uint256 leaf => address arbitrator) private _atLeaf;
    StakeTree.Tree private _tree;
    Draw[] private _queue;
    uint256 private _next;

    /// @inheritdoc IArbitrators
    function stake(uint256 amount) external nonReentrant whenNotPaused {
        _requireNoDrawDue();
        uint256 received = _pull(amount);
        if (received == 0) revert ZeroAmount();
        Arbitrator storage arbitrator = _arbitrators[msg.sender];
        if (arbitrator.leaf == 0) {
            arbitrator.leaf = _tree.append();
            _atLeaf[arbitrator.leaf] = msg.sender;
        }
        _addStake(msg.sender, received);
        emit ArbitratorStaked(msg.sender, received);
    }

    /// @inheritdoc IArbitrators
    function requestUnstake(uint256 amount) external {
        _requireNoDrawDue();
        if (amount == 0) revert ZeroAmount();
        Arbitrator storage arbitrator = _arbitrators[msg.sender];
        if (arbitrator.staked < amount) revert InsufficientStake(arbitrator.staked, amount);
        arbitrator.staked -= amount;
        arbitrator.unstaking += amount;
        arbitrator.unlockAt = block.timestamp + _current().unstakeDelay;
        _weigh(msg.sender);
        emit UnstakeRequested(msg.sender, amount, arbitrator.unlockAt);
    }

    /// @inheritdoc IArbitrators
    function completeUnstake(address owner) external nonReentrant {
        Arbitrator storage arbitrator = _arbitrators[owner];
        uint256 amount = arbitrator.unstaking;
        if (amount == 0) revert NothingUnstaking(owner);
        if (block.timestamp < arbitrator.unlockAt) revert StillLocked(arbitrator.unlockAt, block.timestamp);
        arbitrator.unstaking = 0;
        emit UnstakeCompleted(owner, amount);
        _push(owner, amount);
    }

    /// @inheritdoc IArbitrators
    function withdraw(address owner) external nonReentrant {
        uint256 amount = _balances[owner];
        if (amount == 0) revert NothingToWithdraw(owner);
        _balances[owner] = 0;
        emit Withdrawn(owner, amount);
        _push(owner, amount);
    }

    /// @inheritdoc IArbitrators
    function draw() external {
        (uint256 disputeId, uint256 seedBlock) = _nextDraw();
        if (disputeId == 0 || block.number <= seedBlock) revert NoDrawDue(seedBlock, block.number);
        delete _queue[_next];
        ++_next;
        bytes32 seed = blockhash(seedBlock);
        if (seed == 0) {
            _requestDraw(disputeId);
        } else {
            _fillPanel(disputeId, seed);
        }
    }

    /// @inheritdoc IArbitrators
    function decline(uint256 disputeId) external {
        _requireNoDrawDue();
        Dispute storage dispute = _during(disputeId, Phase.Accepting);
        Seats storage seats = _seats[disputeId][dispute.round][msg.sender];
        uint16 count = seats.count;
        if (count == 0) revert NoSeat(disputeId, dispute.round, msg.sender);
        if (seats.commitment != 0) revert AlreadyCommitted(disputeId, msg.sender);
        seats.count = 0;
        _rounds[disputeId][dispute.round].filled -= count;
        _unlock(dispute, msg.sender, uint256(_rulesOf(dispute).seatStake) * count);
        emit SeatsDeclined(disputeId, dispute.round, msg.sender, count);
    }

    /// @inheritdoc IArbitrators
    function stakeOf(address owner) external view returns (uint256 staked, uint256 unstaking, uint256 unlockAt) {
        Arbitrator storage arbitrator = _arbitrators[owner];
        return (arbitrator.staked, arbitrator.unstaking, arbitrator.unlockAt);
    }

    /// @inheritdoc IArbitrators
    function balanceOf(address owner) external view returns (uint256) {
        return _balances[owner];
    }

    /// @inheritdoc IArbitrators
    function nextDraw() external view returns (uint256 disputeId, uint256 seedBlock) {
        return _nextDraw();
    }

    /// @dev Blocks only grow, so the queue is in the order of its seeds.
    function _requestDraw(uint256 disputeId) internal {
        Dispute storage dispute = _disputes[disputeId];
        uint256 seedBlock = block.number + SEED_DELAY;
        dispute.phase = Phase.Drawing;
        _queue.push(Draw(disputeId, seedBlock));
        emit DrawRequested(disputeId, dispute.round, seedBlock);
    }

    /// @dev Whoever knows a seed could otherwise move stake to where it falls.
    function _requireNoDrawDue() internal view {
        (uint256 disputeId, uint256 seedBlock) = _nextDraw();
        if (disputeId != 0 && block.number > seedBlock) revert DrawDue(disputeId);
    }

    /// @dev Gives back what a dispute's seats locked.
    function _unlock(Dispute storage dispute, address owner, uint256 amount) internal {
        dispute.held -= amount;
        _addStake(owner, amount);
    }

    function _fillPanel(uint256 disputeId, bytes32 seed) private {
        Dispute storage dispute = _disputes[disputeId];
        Round storage round = _rounds[disputeId][dispute.round];
        uint256 locks = _rulesOf(dispute).seatStake;
        uint256 tries = (round.seats - round.filled) * TRIES_PER_SEAT;
        ++round.draws;
        // Nobody judges its own case under its own name.
        _clearWeight(dispute.opener);
        _clearWeight(dispute.respondent);
        for (uint256 i = 0; i < tries && round.filled < round.seats && _tree.total != 0; ++i) {
            uint256 point =
                uint256(keccak256(abi.encode(seed, disputeId, dispute.round, round.draws, i))) % _tree.total;
            address drawn = _atLeaf[_tree.find(point)];
            if (_arbitrators[drawn].staked < locks) continue;
            _arbitrators[drawn].staked -= locks;
            _weigh(drawn);
            dispute.held += locks;
            ++round.filled;
            Seats storage seats = _seats[disputeId][dispute.round][drawn];
            ++seats.count;
            // Drawn once more after it committed, for a seat another declined: it votes with that one too.
            if (seats.commitment != 0) ++round.committed;
            emit SeatDrawn(disputeId, dispute.round, drawn);
        }
        _weigh(dispute.opener);
        _weigh(dispute.respondent);
        emit PanelDrawn(disputeId, dispute.round, round.filled, round.seats);
        _begin(disputeId, Phase.Accepting, _rulesOf(dispute).acceptWindow);
    }

    function _addStake(address owner, uint256 amount) private {
        _arbitrators[owner].staked += amount;
        _weigh(owner);
    }

    /// @dev What cannot fill a seat is not drawn.
    function _weigh(address owner) private {
        Arbitrator storage arbitrator = _arbitrators[owner];
        if (arbitrator.leaf == 0) return;
        uint256 staked = arbitrator.staked;
        _tree.set(arbitrator.leaf, staked < _current().seatStake ? 0 : staked);
    }

    function _clearWeight(address owner) private {
        uint256 leaf = _arbitrators[owner].leaf;
        if (leaf != 0) _tree.set(leaf, 0);
    }

    function _nextDraw() private view returns (uint256 disputeId, uint256 seedBlock) {
        if (_next == _queue.length) return (0, 0);
        Draw storage due = _queue[_next];
        return (due.disputeId, due.seedBlock);
    }
}
