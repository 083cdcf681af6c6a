// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {OperatorBonds} from "../src/OperatorBonds.sol";
import {Vault} from "../src/Vault.sol";
import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {IBonds} from "../src/interfaces/IBonds.sol";
import {IClaims} from "../src/interfaces/IClaims.sol";
import {ICovers} from "../src/interfaces/ICovers.sol";
import {IOrders} from "../src/interfaces/IOrders.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {Holds} from "../src/libraries/Holds.sol";
import {AwkwardDollar} from "./AwkwardDollar.sol";
import {BondFixture} from "./BondFixture.sol";
import {vm} from "./Vm.sol";

/// @title Bonds, and covers for accepted orders
contract OperatorBondsTest is BondFixture {
    uint64 private constant BOND_DELAY = WITHDRAW_DELAY + CHALLENGE_WINDOW;

    function test_a_node_whose_requester_withdrew_is_paid_in_full() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(11 * DOLLAR);
        ISettlements.Settlement memory item = _long(1);
        assertEq(bonds.shortfallOf(_orderHash(item.order), REQUESTER, address(token), 51 * DOLLAR), 40 * DOLLAR);
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        vm.expectEmit();
        emit ICovers.Covered(_orderHash(item.order), REQUESTER, NODE, address(token), 40 * DOLLAR);
        bonds.cover(item, HELD, signature);
        vm.snapshotGasLastCall("cover an accepted order");
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(CREATOR), 5 * DOLLAR);
        assertEq(_balance(FEES), 1 * DOLLAR);
        assertEq(_balance(REQUESTER), 0);
        assertEq(_staying(EVERY_NODE), 20 * DOLLAR);
        assertEq(token.balanceOf(address(bonds)), 20 * DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 1));
    }

    function test_what_the_requester_is_about_to_withdraw_pays_before_the_bond() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(50 * DOLLAR);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 45 * DOLLAR);
        _cover(_long(1));
        assertEq(_staying(EVERY_NODE), 59 * DOLLAR);
        (uint256 pending,) = vault.pendingWithdrawal(REQUESTER, address(token));
        assertEq(pending + _balance(REQUESTER), 0);
    }

    function test_an_order_of_a_session_key_is_covered_too() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(START + 1 days);
        item.session.wallet = REQUESTER;
        item.session.key = SESSION;
        item.session.token = address(token);
        item.session.maxPerOrder = 100 * DOLLAR;
        item.session.maxTotal = 100 * DOLLAR;
        item.session.expiresAt = item.order.settleBy;
        _cover(_sign(item));
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_a_nodes_own_bond_pays_before_the_common_one() public {
        _post(NODE, 30 * DOLLAR);
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        _cover(_long(1));
        assertEq(_staying(NODE), 0);
        assertEq(_staying(EVERY_NODE), 39 * DOLLAR);
    }

    function testFuzz_the_bond_pays_exactly_what_lacks(uint256 left, uint256 waiting, uint256 ofNode) public {
        left = _bound(left, 0, 50 * DOLLAR);
        waiting = _bound(waiting, 0, left);
        ofNode = _bound(ofNode, 1, 60 * DOLLAR);
        _post(NODE, ofNode);
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(left);
        if (waiting != 0) {
            vm.prank(REQUESTER);
            vault.requestWithdrawal(address(token), waiting);
        }
        _cover(_long(1));
        uint256 paid = ofNode + 60 * DOLLAR - _staying(NODE) - _staying(EVERY_NODE);
        assertEq(paid, 51 * DOLLAR - left);
        (uint256 pending,) = vault.pendingWithdrawal(REQUESTER, address(token));
        assertEq(pending + _balance(REQUESTER), 0);
        assertEq(token.balanceOf(address(bonds)), _staying(NODE) + _staying(EVERY_NODE));
    }

    // Attackers.

    function test_nothing_is_covered_that_the_requester_can_pay() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(51 * DOLLAR);
        ISettlements.Settlement memory item = _long(1);
        _expectCoverRevert(item, HELD, abi.encodeWithSelector(ICovers.NothingShort.selector, _orderHash(item.order)));
    }

    function test_nothing_is_covered_twice() public {
        _post(EVERY_NODE, 200 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        _cover(item);
        _expectCoverRevert(item, HELD, abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        assertEq(_staying(EVERY_NODE), 149 * DOLLAR);
    }

    function test_a_claims_lock_is_no_shortfall() public {
        _post(EVERY_NODE, 200 * DOLLAR);
        vault.claimOne(_longDelivered(1));
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        _expectCoverRevert(item, HELD, abi.encodeWithSelector(ICovers.NothingShort.selector, _orderHash(item.order)));
        vault.settleOne(item);
        assertEq(_balance(REQUESTER), 0);
    }

    function test_a_claim_on_another_award_that_is_decided_is_not_bought_off() public {
        _post(EVERY_NODE, 200 * DOLLAR);
        ISettlements.Settlement memory first = _longDelivered(1);
        vault.claimOne(first);
        _leaveRequester(0);
        ISettlements.Settlement memory second = _unsigned(1);
        second.order.settleBy = first.order.settleBy;
        second.award.price = 60 * DOLLAR;
        second.charge = 61_200_000;
        second = _sign(second);
        bytes32 orderHash = _orderHash(second.order);
        bytes memory reason =
            abi.encodeWithSelector(IClaims.OtherClaim.selector, orderHash, _awardHash(first.award));
        _expectCoverRevert(second, HELD, reason);
    }

    function test_an_unaccepted_result_tops_nobody_up() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _longDelivered(1);
        _expectCoverRevert(item, HELD, abi.encodeWithSelector(ICovers.NotAccepted.selector, _orderHash(item.order)));
    }

    function test_only_the_operators_word_moves_its_bond() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        bytes32 orderHash = _orderHash(item.order);
        bytes memory signature = _holdSignature(STRANGER_KEY, item, HELD);
        vm.expectRevert(abi.encodeWithSelector(ICovers.NotHeld.selector, orderHash, vm.addr(STRANGER_KEY)));
        bonds.cover(item, HELD, signature);
        vm.expectRevert(abi.encodeWithSelector(ICovers.NotHeld.selector, orderHash, address(0)));
        bonds.cover(item, HELD, hex"00");
    }

    function test_a_hold_is_for_one_order_and_one_sum() public {
        _post(EVERY_NODE, 200 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        bytes memory ofOther = _holdSignature(OPERATOR_KEY, _long(2), HELD);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        bonds.cover(item, HELD, ofOther);
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        bonds.cover(item, HELD + 1, signature);
        uint256 less = 51 * DOLLAR - 1;
        _expectCoverRevert(item, less, abi.encodeWithSelector(ICovers.ChargeOverHold.selector, 51 * DOLLAR, less));
    }

    function test_a_hold_of_another_market_or_chain_is_worthless() public {
        Vault other = new Vault(address(authority), _parameters(), address(batches));
        OperatorBonds others = new OperatorBonds(address(authority), address(other));
        token.mint(address(this), 60 * DOLLAR);
        token.approve(address(others), 60 * DOLLAR);
        others.post(EVERY_NODE, address(token), 60 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        others.cover(item, HELD, signature);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        bonds.cover(item, HELD, signature);
    }

    function test_requester_and_node_take_nothing_the_operator_did_not_award() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        ISettlements.Settlement memory item = _long(1);
        item.operatorSignature = _signWith(STRANGER_KEY, _awardHash(item.award));
        bytes memory reason = abi.encodeWithSelector(
            ISettlements.WrongSigner.selector, ISettlements.Signed.OperatorAward, OPERATOR, vm.addr(STRANGER_KEY)
        );
        _expectCoverRevert(item, HELD, reason);
        assertEq(_staying(EVERY_NODE), 60 * DOLLAR);
        assertEq(_balance(REQUESTER), 0);
    }

    /// @dev The operator orders, awards and accepts by itself; that the node's payout is named, and a royalty that is the
    /// whole price, helps it nothing.
    function test_an_operator_cannot_spend_what_stands_for_another_node() public {
        _post(NODE, 60 * DOLLAR);
        _leaveRequester(0);
        address ownNode = vm.addr(STRANGER_KEY);
        ISettlements.Settlement memory item = _long(1);
        item.award.node = ownNode;
        item.sheet.node = ownNode;
        item = _sign(item);
        bytes memory reason =
            abi.encodeWithSelector(IBonds.BondTooSmall.selector, ownNode, address(token), 0, 51 * DOLLAR);
        _expectCoverRevert(item, HELD, reason);
        // Under the node's own name it takes the node's signatures.
        ISettlements.Settlement memory forged = _long(2);
        forged.nodeSignature = _signWith(STRANGER_KEY, _awardHash(forged.award));
        reason = abi.encodeWithSelector(
            ISettlements.WrongSigner.selector, ISettlements.Signed.NodeAward, NODE, ownNode
        );
        _expectCoverRevert(forged, HELD, reason);
    }

    function test_holds_beyond_the_bond_are_paid_until_it_is_gone() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        _cover(_long(1));
        bytes memory reason =
            abi.encodeWithSelector(IBonds.BondTooSmall.selector, NODE, address(token), 9 * DOLLAR, 51 * DOLLAR);
        _expectCoverRevert(_long(2), HELD, reason);
        assertEq(_staying(EVERY_NODE), 9 * DOLLAR);
    }

    // Bonds.

    function test_an_operator_cannot_withdraw_before_the_orders_it_held_for_are_over() public {
        _post(NODE, 60 * DOLLAR);
        _leaveRequester(0);
        vm.expectEmit();
        emit IBonds.BondWithdrawalRequested(NODE, address(token), 50 * DOLLAR, block.timestamp + BOND_DELAY);
        _requestWithdrawal(NODE, 50 * DOLLAR);
        vm.warp(block.timestamp + BOND_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IBonds.StillLocked.selector, block.timestamp + 1, block.timestamp));
        bonds.completeWithdrawal(NODE, address(token));
        _cover(_long(1));
        (uint256 staying, uint256 leaving,) = bonds.bondOf(NODE, address(token));
        assertEq(staying, 0);
        assertEq(leaving, 9 * DOLLAR);
        vm.warp(block.timestamp + 1);
        vm.expectEmit();
        emit IBonds.BondWithdrawn(NODE, address(token), 9 * DOLLAR);
        bonds.completeWithdrawal(NODE, address(token));
        assertEq(token.balanceOf(OPERATOR), 9 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IBonds.NothingLeaving.selector, NODE, address(token)));
        bonds.completeWithdrawal(NODE, address(token));
    }

    function test_asking_for_more_starts_the_delay_anew() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _requestWithdrawal(EVERY_NODE, 10 * DOLLAR);
        vm.warp(block.timestamp + BOND_DELAY - 1);
        _requestWithdrawal(EVERY_NODE, 10 * DOLLAR);
        (uint256 staying, uint256 leaving, uint256 unlockAt) = bonds.bondOf(EVERY_NODE, address(token));
        assertEq(staying, 40 * DOLLAR);
        assertEq(leaving, 20 * DOLLAR);
        assertEq(unlockAt, block.timestamp + BOND_DELAY);
    }

    function test_only_the_operator_takes_bonds_back_and_no_more_than_stays() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IBonds.OnlyOperator.selector, address(this)));
        bonds.requestWithdrawal(EVERY_NODE, address(token), 1);
        vm.prank(OPERATOR);
        vm.expectRevert(IBonds.ZeroAmount.selector);
        bonds.requestWithdrawal(EVERY_NODE, address(token), 0);
        uint256 more = 60 * DOLLAR + 1;
        vm.prank(OPERATOR);
        vm.expectRevert(
            abi.encodeWithSelector(IBonds.BondTooSmall.selector, EVERY_NODE, address(token), 60 * DOLLAR, more)
        );
        bonds.requestWithdrawal(EVERY_NODE, address(token), more);
    }

    function test_a_pause_keeps_bonds_out_and_stops_no_cover() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        vm.prank(STRANGER);
        bonds.pause();
        vm.prank(GOVERNOR);
        bonds.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        bonds.post(EVERY_NODE, address(token), 1);
        _cover(_long(1));
        _requestWithdrawal(EVERY_NODE, 9 * DOLLAR);
        vm.warp(block.timestamp + BOND_DELAY);
        bonds.completeWithdrawal(EVERY_NODE, address(token));
        vm.prank(GOVERNOR);
        bonds.unpause();
        _post(EVERY_NODE, 1);
    }

    /// @dev The one thing a pause reaches: a top-up is new money to the vault.
    function test_a_paused_vault_takes_no_cover_until_it_goes_on() public {
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(0);
        vm.prank(GOVERNOR);
        vault.pause();
        _expectCoverRevert(_long(1), HELD, abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        vm.prank(GOVERNOR);
        vault.unpause();
        _cover(_long(1));
    }

    function test_a_bond_is_what_arrived_of_it() public {
        AwkwardDollar awkward = new AwkwardDollar();
        awkward.mint(address(this), 60 * DOLLAR);
        awkward.approve(address(bonds), 60 * DOLLAR);
        awkward.takeFee(1_000);
        vm.expectEmit();
        emit IBonds.BondPosted(NODE, address(awkward), address(this), 54 * DOLLAR);
        bonds.post(NODE, address(awkward), 60 * DOLLAR);
        (uint256 staying,,) = bonds.bondOf(NODE, address(awkward));
        assertEq(staying, 54 * DOLLAR);
        vm.expectRevert(IBonds.ZeroAmount.selector);
        bonds.post(NODE, address(awkward), 0);
        // Less arrives in the vault than lacks, so the vault does not pay and the bond stays.
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.token = address(awkward);
        bytes memory reason = abi.encodeWithSelector(
            IAccounts.InsufficientBalance.selector, REQUESTER, address(awkward), 45_900_000, 51 * DOLLAR
        );
        _expectCoverRevert(_sign(item), HELD, reason);
    }

    function test_a_token_that_calls_back_gets_in_nowhere() public {
        AwkwardDollar awkward = new AwkwardDollar();
        awkward.mint(address(this), 60 * DOLLAR);
        awkward.approve(address(bonds), 60 * DOLLAR);
        awkward.callBack(address(bonds), abi.encodeCall(IBonds.completeWithdrawal, (NODE, address(awkward))));
        vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        bonds.post(NODE, address(awkward), 60 * DOLLAR);
    }

    function test_it_says_whose_bonds_these_are() public view {
        assertTrue(bonds.vault() == address(vault));
        assertTrue(bonds.operator() == OPERATOR);
        assertTrue(
            Holds.HOLD_RECEIPT_TYPEHASH
                == keccak256("HoldReceipt(address requester,address token,bytes32 orderHash,uint256 cumulativeHeld)")
        );
    }

    function _requestWithdrawal(address node, uint256 amount) private {
        vm.prank(OPERATOR);
        bonds.requestWithdrawal(node, address(token), amount);
    }

    function _expectCoverRevert(ISettlements.Settlement memory item, uint256 held, bytes memory reason) private {
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, held);
        vm.expectRevert(reason);
        bonds.cover(item, held, signature);
    }
}
