// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClaims} from "../src/interfaces/IClaims.sol";
import {ICovers} from "../src/interfaces/ICovers.sol";
import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {BondFixture} from "./BondFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Requester, node, operator and arbiter do whatever vault and bonds let them, in any order.
contract BondActor is BondFixture {
    uint256 public constant ORDERS = 3;
    /// @dev What the node is owed for an order, and the creator.
    uint256 public constant PRICE = 50 * DOLLAR;

    uint256 public clock = START;
    /// @dev All the requester ever brought, and all that the node got because the requester lost a challenge.
    uint256 public brought;
    uint256 public forfeited;
    /// @dev What requesters had left after a cover, which adds no more than lacks.
    uint256 public keptOfCovers;

    /// @dev Open to the fuzzer like every function, so a second call must change nothing.
    function setUp() public override {
        if (address(vault) != address(0)) return;
        super.setUp();
        _leaveRequester(0);
        clock = block.timestamp;
    }

    function deposit(uint256 amount) external {
        amount = _bound(amount, 1, 60 * DOLLAR);
        brought += amount;
        _deposit(REQUESTER, amount);
    }

    function post(bool forNode, uint256 amount) external {
        _post(forNode ? NODE : EVERY_NODE, _bound(amount, 1, 60 * DOLLAR));
    }

    function withdrawBond(bool ofNode, uint256 amount) external {
        address node = ofNode ? NODE : EVERY_NODE;
        uint256 staying = _staying(node);
        if (staying == 0) return;
        vm.prank(OPERATOR);
        bonds.requestWithdrawal(node, address(token), _bound(amount, 1, staying));
    }

    function completeBondWithdrawal(bool ofNode) external {
        try bonds.completeWithdrawal(ofNode ? NODE : EVERY_NODE, address(token)) {} catch {}
    }

    function requestWithdrawal(uint256 amount) external {
        uint256 balance = _balance(REQUESTER);
        if (balance == 0) return;
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), _bound(amount, 1, balance));
    }

    function completeWithdrawal() external {
        try vault.completeWithdrawal(REQUESTER, address(token)) {} catch {}
    }

    function settle(uint256 order, bool accepted) external {
        try vault.settleOne(_item(order, accepted)) {} catch {}
    }

    function claim(uint256 order) external {
        try vault.claimOne(_item(order, false)) {} catch {}
    }

    function challenge(uint256 order) external {
        bytes32 orderHash = _hashOf(order);
        vm.prank(REQUESTER);
        try vault.challenge(orderHash) {} catch {}
    }

    function ruleInVault(uint256 order, bool toPay) external {
        bytes32 orderHash = _hashOf(order);
        uint256 bond = vault.claimOf(orderHash).bond;
        vm.prank(ARBITER);
        try vault.rule(orderHash, toPay) {
            if (toPay) forfeited += bond;
        } catch {}
    }

    function slash(uint256 order) external {
        ISettlements.Settlement memory item = _item(order, false);
        vm.prank(OPERATOR);
        try nodes.slash(_slashEvidence(item), PROVIDER, 0, 0) {} catch {}
    }

    function cover(uint256 order, bool accepted) external {
        ISettlements.Settlement memory item = _item(order, accepted);
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        try bonds.cover(item, HELD, signature) {
            _countKept();
        } catch {}
    }

    function post(uint256 order) external {
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(_item(order, false));
        vm.prank(OPERATOR);
        try batches.post(address(vault), address(token), items) {} catch {}
    }

    function settlePosted(uint256 order) external {
        (ICovers.PostedLeaf memory leaf, IPostedClaims.PostedClaim[] memory one) = _leaf(order);
        bool[] memory flags = new bool[](0);
        try batches.settle(leaf.root, address(vault), address(token), one, leaf.proof, flags) {} catch {}
    }

    function challengePosted(uint256 order) external {
        (ICovers.PostedLeaf memory leaf,) = _leaf(order);
        vm.prank(REQUESTER);
        try batches.challenge(leaf.root, address(vault), address(token), leaf.claim, leaf.proof) {} catch {}
    }

    function coverPosted(uint256 order) external {
        (ICovers.PostedLeaf memory leaf,) = _leaf(order);
        bytes memory signature = _holdSignature(OPERATOR_KEY, _item(order, false), HELD);
        try bonds.coverPosted(leaf, HELD, signature) {
            _countKept();
        } catch {}
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, 8 hours);
        vm.warp(clock);
    }

    /// @dev All the bonds owe the operator.
    function owed() external view returns (uint256 sum) {
        for (uint256 who = 0; who < 2; ++who) {
            (uint256 staying, uint256 leaving,) = bonds.bondOf(who == 0 ? NODE : EVERY_NODE, address(token));
            sum += staying + leaving;
        }
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(bonds));
    }

    /// @dev Whatever the requester has, wherever it is, but for what it had before it began.
    function requesterHas() external view returns (uint256 sum) {
        (uint256 pending,) = vault.pendingWithdrawal(REQUESTER, address(token));
        sum = _balance(REQUESTER) + pending + token.balanceOf(REQUESTER) - 1_000 * DOLLAR;
        for (uint256 order = 0; order < ORDERS; ++order) {
            IClaims.Claim memory record = vault.claimOf(_hashOf(order));
            sum += record.charge + record.bond;
        }
    }

    /// @dev What node and creator got for their work.
    function earned() external view returns (uint256) {
        return _balance(PAYOUT) + _balance(CREATOR) - forfeited;
    }

    /// @dev Orders that the vault says are paid.
    function paidOrders() external view returns (uint256 count) {
        for (uint256 order = 0; order < ORDERS; ++order) {
            if (vault.isSpent(REQUESTER, order)) ++count;
        }
    }

    function _countKept() private {
        (uint256 pending,) = vault.pendingWithdrawal(REQUESTER, address(token));
        keptOfCovers += _balance(REQUESTER) + pending;
    }

    /// @dev A batch of one claim is its leaf.
    function _leaf(uint256 order)
        private
        view
        returns (ICovers.PostedLeaf memory leaf, IPostedClaims.PostedClaim[] memory one)
    {
        one = new IPostedClaims.PostedClaim[](1);
        one[0] = _leafOf(_claimItem(_item(order, false)).order);
        bytes32 root = keccak256(abi.encode(address(vault), address(token), one[0]));
        leaf = ICovers.PostedLeaf(root, address(token), one[0], new bytes32[](0));
    }

    function _hashOf(uint256 order) private view returns (bytes32) {
        return _orderHash(_unsignedLong(order).order);
    }

    function _item(uint256 order, bool accepted) private view returns (ISettlements.Settlement memory item) {
        item = _sign(_unsignedLong(order));
        if (!accepted) item.acceptanceSignature = "";
    }

    function _unsignedLong(uint256 order) private view returns (ISettlements.Settlement memory item) {
        item = _unsigned(order % ORDERS);
        item.order.settleBy = uint64(START + 1 days);
    }
}

abstract contract BondRules {
    BondActor internal actor;

    error Insolvent(uint256 owed, uint256 held);
    error RequesterGained(uint256 brought, uint256 has);
    error RequesterKept(uint256 kept);
    error PaidForNothing(uint256 orders, uint256 earned);

    function requireSolvent() public view {
        (uint256 owed, uint256 held) = (actor.owed(), actor.held());
        if (owed != held) revert Insolvent(owed, held);
    }

    function requireRequesterGainsNothing() public view {
        (uint256 brought, uint256 has) = (actor.brought(), actor.requesterHas());
        if (has > brought) revert RequesterGained(brought, has);
        if (actor.keptOfCovers() != 0) revert RequesterKept(actor.keptOfCovers());
    }

    function requireEachOrderPaidOnce() public view {
        (uint256 orders, uint256 earned) = (actor.paidOrders(), actor.earned());
        if (earned != orders * actor.PRICE()) revert PaidForNothing(orders, earned);
    }
}

contract BondsInvariantTest is BondRules {
    function setUp() public {
        actor = new BondActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_bonds_hold_exactly_what_they_owe() public view {
        requireSolvent();
    }

    function invariant_no_requester_gets_anything_of_a_bond() public view {
        requireRequesterGainsNothing();
    }

    function invariant_a_bond_pays_for_orders_that_are_owed_for_once_each_and_nothing_else() public view {
        requireEachOrderPaidOnce();
    }
}
