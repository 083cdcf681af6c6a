// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vault} from "../src/Vault.sol";
import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {IClaims} from "../src/interfaces/IClaims.sol";
import {IOrders} from "../src/interfaces/IOrders.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract SettlementTest is MarketFixture {
    function test_accepted_order_pays_node_creator_and_platform_from_the_requester() public {
        ISettlements.Settlement memory item = _accepted(1);
        vm.expectEmit();
        emit ISettlements.Settled(_orderHash(item.order), REQUESTER, NODE, 45 * DOLLAR, 5 * DOLLAR, DOLLAR);
        vault.settleOne(item);
        vm.snapshotGasLastCall("settleOne, accepted");
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(CREATOR), 5 * DOLLAR);
        assertEq(_balance(FEES), DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 1));
    }

    function test_order_settles_once() public {
        ISettlements.Settlement memory item = _accepted(1);
        vault.settleOne(item);
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.settleOne(item);
        item.acceptanceSignature = "";
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.settleOne(item);
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.claimOne(item);
    }

    function test_second_order_with_the_same_nonce_never_settles() public {
        ISettlements.Settlement memory first = _accepted(1);
        vault.settleOne(first);
        ISettlements.Settlement memory second = _unsigned(1);
        second.order.taskHash = keccak256("another task");
        _sign(second);
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.settleOne(second);
    }

    function test_every_signature_must_be_its_signers() public {
        for (uint256 which = 0; which < 7; ++which) {
            if (ISettlements.Signed(which) == ISettlements.Signed.SessionKey) continue;
            ISettlements.Settlement memory item = _forged(which, STRANGER_KEY);
            address expected = REQUESTER;
            if (which == uint256(ISettlements.Signed.OperatorAward)) expected = OPERATOR;
            else if (which >= 2 && which <= 5) expected = NODE;
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISettlements.WrongSigner.selector, ISettlements.Signed(which), expected, vm.addr(STRANGER_KEY)
                )
            );
            vault.settleOne(item);
        }
    }

    function test_unreadable_signature_does_not_pass_for_the_zero_address() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.requester = address(0);
        _sign(item);
        item.orderSignature = new bytes(65);
        item.acceptanceSignature = new bytes(65);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.Order, address(0), address(0)
            )
        );
        vault.settleOne(item);
    }

    /// @dev Whatever field of a signed settlement is changed, nothing is paid.
    function testFuzz_altered_settlement_never_pays(uint256 field, uint256 change) public {
        vm.assume(change != 0);
        ISettlements.Settlement memory item = _accepted(1);
        bytes32 before = keccak256(abi.encode(item));
        _alter(item, field % 30, change);
        vm.assume(keccak256(abi.encode(item)) != before);
        try vault.settleOne(item) {
            revert Untrue();
        } catch {}
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
    }

    /// @dev What settles is within every bound that was signed, and its credits are the charge.
    function testFuzz_charge_is_bounded_and_fully_credited(
        uint256 price,
        uint256 royalty,
        uint256 ask,
        uint256 maxPrice,
        uint256 royaltyCap,
        uint16 feeCapBps
    ) public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.award.price = _bound(price, 0, 400 * DOLLAR);
        item.award.royalty = _bound(royalty, 0, 40 * DOLLAR);
        item.ask = _bound(ask, 0, 400 * DOLLAR);
        item.order.maxPrice = _bound(maxPrice, 0, 500 * DOLLAR);
        item.order.royaltyCap = _bound(royaltyCap, 0, 40 * DOLLAR);
        item.order.feeCapBps = feeCapBps % 400;
        item.charge = item.award.price + item.award.price * FEE_BPS / 10_000;
        _sign(item);
        bool fits = item.charge <= item.order.maxPrice && item.award.royalty <= item.order.royaltyCap
            && item.award.royalty <= item.award.price && item.award.price - item.award.royalty >= item.ask
            && FEE_BPS <= item.order.feeCapBps;
        try vault.settleOne(item) {
            assertTrue(fits);
            assertEq(1_000 * DOLLAR - _balance(REQUESTER), item.charge);
            assertEq(_balance(PAYOUT) + _balance(CREATOR) + _balance(FEES), item.charge);
            assertTrue(_balance(PAYOUT) >= item.ask);
        } catch {
            assertTrue(!fits);
            assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        }
    }

    function test_charge_must_be_payment_royalty_and_fee() public {
        ISettlements.Settlement memory item = _accepted(1);
        item.charge += 1;
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.WrongCharge.selector, 51 * DOLLAR, 51 * DOLLAR + 1)
        );
        vault.settleOne(item);
        item.charge -= 2;
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.WrongCharge.selector, 51 * DOLLAR, 51 * DOLLAR - 1)
        );
        vault.settleOne(item);
    }

    function test_charge_over_the_maximum_is_refused_though_all_signed() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.maxPrice = 51 * DOLLAR - 1;
        _sign(item);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.ChargeOverMaximum.selector, 51 * DOLLAR, 51 * DOLLAR - 1)
        );
        vault.settleOne(item);
    }

    function test_payment_under_the_signed_ask_is_refused() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.ask = 45 * DOLLAR + 1;
        _sign(item);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.PaymentUnderAsk.selector, 45 * DOLLAR, 45 * DOLLAR + 1)
        );
        vault.settleOne(item);
    }

    function test_royalty_is_capped_by_the_order_and_the_price_and_needs_a_creator() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.royaltyCap = 5 * DOLLAR - 1;
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.RoyaltyOverCap.selector, 5 * DOLLAR, 5 * DOLLAR - 1)
        );
        vault.settleOne(_sign(item));
        item.award.royalty = item.award.price + 1;
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.RoyaltyOverPrice.selector, 50 * DOLLAR + 1, 50 * DOLLAR)
        );
        vault.settleOne(_sign(item));
        item = _unsigned(1);
        item.award.creator = address(0);
        vm.expectRevert(IVaultParameters.ZeroAddress.selector);
        vault.settleOne(_sign(item));
        item.award.royalty = 0;
        vault.settleOne(_sign(item));
        assertEq(_balance(PAYOUT), 50 * DOLLAR);
    }

    function test_award_that_pays_nobody_is_refused() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.award.payout = address(0);
        vm.expectRevert(IVaultParameters.ZeroAddress.selector);
        vault.settleOne(_sign(item));
    }

    function test_fee_over_the_orders_cap_is_refused() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.feeCapBps = FEE_BPS - 1;
        vm.expectRevert(abi.encodeWithSelector(ISettlements.FeeOverCap.selector, FEE_BPS, FEE_BPS - 1));
        vault.settleOne(_sign(item));
    }

    function test_vault_with_a_fee_over_the_maximum_cannot_be_deployed() public {
        IVaultParameters.Parameters memory given = _parameters();
        given.feeBps = 1_001;
        vm.expectRevert(abi.encodeWithSelector(IVaultParameters.FeeOverMaximum.selector, 1_001, 1_000));
        new Vault(address(authority), given, address(batches));
        given = _parameters();
        given.challengeWindow = given.withdrawDelay;
        vm.expectRevert(
            abi.encodeWithSelector(IVaultParameters.WindowOverDelay.selector, WITHDRAW_DELAY, WITHDRAW_DELAY)
        );
        new Vault(address(authority), given, address(batches));
        given = _parameters();
        given.arbiter = address(0);
        vm.expectRevert(IVaultParameters.ZeroAddress.selector);
        new Vault(address(authority), given, address(batches));
        given = _parameters();
        given.challengeBondBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IVaultParameters.BondOverCharge.selector, 10_001));
        new Vault(address(authority), given, address(batches));
    }

    function test_nothing_settles_after_settleBy() public {
        ISettlements.Settlement memory item = _accepted(1);
        vm.warp(item.order.settleBy + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.SettleByPassed.selector, item.order.settleBy, uint256(item.order.settleBy) + 1
            )
        );
        vault.settleOne(item);
        vm.warp(item.order.settleBy);
        vault.settleOne(item);
    }

    function test_award_alone_never_pays() public {
        ISettlements.Settlement memory item = _delivered(1);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NotClaimed.selector, _orderHash(item.order)));
        vault.settleOne(item);
        vm.warp(START + 365 days);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NotClaimed.selector, _orderHash(item.order)));
        vault.settleOne(item);
    }

    function test_order_for_another_operator_is_refused() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.operator = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(ISettlements.WrongOperator.selector, OPERATOR, STRANGER));
        vault.settleOne(_sign(item));
    }

    function test_award_of_another_order_is_refused() public {
        ISettlements.Settlement memory item = _accepted(1);
        ISettlements.Settlement memory other = _accepted(2);
        item.award = other.award;
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.AwardForOtherOrder.selector, _orderHash(item.order), _orderHash(other.order)
            )
        );
        vault.settleOne(item);
    }

    function test_sheet_of_another_node_and_bid_of_another_order_are_refused() public {
        ISettlements.Settlement memory item = _accepted(1);
        item.sheet.node = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(ISettlements.SheetOfOtherNode.selector, NODE, STRANGER));
        vault.settleOne(item);

        item = _accepted(1);
        ISettlements.Settlement memory other = _accepted(2);
        (item.sheet, item.sheetSignature, item.proof) = (other.sheet, other.sheetSignature, other.proof);
        bytes32 leaf = _leaf(_orderHash(item.order), item.agentVersion, item.ask, item.promisedSeconds, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlements.BidNotInSheet.selector, item.sheet.answersRoot, leaf)
        );
        vault.settleOne(item);
    }

    function test_pass_is_no_bid() public {
        ISettlements.Settlement memory item = _unsigned(1);
        _sign(item);
        bytes32 pass = _leaf(_orderHash(item.order), item.agentVersion, item.ask, item.promisedSeconds, 3);
        item.sheet.answersRoot = pass;
        item.proof = new bytes32[](0);
        item.sheetSignature = _signWith(NODE_KEY, _sheetHash(item.sheet));
        bytes32 leaf = _leaf(_orderHash(item.order), item.agentVersion, item.ask, item.promisedSeconds, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlements.BidNotInSheet.selector, pass, leaf));
        vault.settleOne(item);
    }

    function test_acceptance_of_another_result_or_price_pays_nothing() public {
        ISettlements.Settlement memory item = _accepted(1);
        ISettlements.Settlement memory other = _unsigned(1);
        other.resultHash = keccak256("another result");
        item.acceptanceSignature = _sign(other).acceptanceSignature;
        vm.expectRevert();
        vault.settleOne(item);
        other = _unsigned(1);
        other.award.price -= 1;
        item.acceptanceSignature = _sign(other).acceptanceSignature;
        vm.expectRevert();
        vault.settleOne(item);
    }

    function test_settlement_of_another_vault_or_fork_is_refused() public {
        ISettlements.Settlement memory item = _accepted(1);
        Vault other = new Vault(address(authority), _parameters(), address(batches));
        vm.expectRevert();
        other.settleOne(item);
        vm.chainId(999);
        vm.expectRevert();
        vault.settleOne(item);
    }

    function test_cancelled_order_settles_until_the_delay_has_passed() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        vm.prank(REQUESTER);
        vault.cancelOrder(2);
        vault.settleOne(_accepted(1));
        ISettlements.Settlement memory item = _unsigned(2);
        item.order.settleBy = uint64(START + 1 days);
        _sign(item);
        vm.warp(START + WITHDRAW_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.OrderIsCancelled.selector, REQUESTER, 2, START + WITHDRAW_DELAY)
        );
        vault.settleOne(item);
    }

    function test_stranger_cannot_cancel_and_cancelling_again_postpones_nothing() public {
        vm.prank(STRANGER);
        vault.cancelOrder(1);
        assertEq(vault.orderCancelledFrom(REQUESTER, 1), 0);
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        vm.warp(START + 1 hours);
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        assertEq(vault.orderCancelledFrom(REQUESTER, 1), START + WITHDRAW_DELAY);
    }

    function test_requester_without_the_money_is_not_charged_in_part() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 980 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(START + 1 days);
        _sign(item);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccounts.InsufficientBalance.selector, REQUESTER, address(token), 20 * DOLLAR, 51 * DOLLAR
            )
        );
        vault.settleOne(item);
    }

    function test_settlement_reaches_what_waits_to_be_withdrawn() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 980 * DOLLAR);
        vm.expectEmit();
        emit IAccounts.WithdrawalReduced(REQUESTER, address(token), 31 * DOLLAR);
        vault.settleOne(_accepted(1));
        assertEq(_balance(REQUESTER), 0);
        (uint256 pending,) = vault.pendingWithdrawal(REQUESTER, address(token));
        assertEq(pending, 949 * DOLLAR);
    }

    function test_bad_item_is_skipped_and_the_rest_of_its_batch_is_paid() public {
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](3);
        (items[0], items[1], items[2]) = (_accepted(1), _accepted(2), _accepted(3));
        items[1].charge += 1;
        vm.expectEmit();
        emit ISettlements.SettlementSkipped(
            _orderHash(items[1].order),
            STRANGER,
            abi.encodeWithSelector(ISettlements.WrongCharge.selector, 51 * DOLLAR, 51 * DOLLAR + 1)
        );
        vm.prank(STRANGER);
        vault.settle(items);
        assertEq(_balance(PAYOUT), 90 * DOLLAR);
        assertTrue(!vault.isSpent(REQUESTER, items[1].order.nonce));
    }

    function test_batch_of_ten() public {
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](10);
        for (uint256 i = 0; i < items.length; ++i) items[i] = _accepted(i);
        vault.settle(items);
        vm.snapshotGasLastCall("settle, ten accepted");
        assertEq(_balance(PAYOUT), 450 * DOLLAR);
    }

    /// @dev An item dear enough that what is left after it ran out of gas would do to report it as bad.
    function test_batch_that_runs_out_of_gas_reverts_rather_than_skips() public {
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](1);
        items[0] = _accepted(1);
        items[0].proof = new bytes32[](6_000);
        _expectOutOfGas(abi.encodeCall(vault.settle, (items)));
        _expectOutOfGas(abi.encodeCall(vault.claim, (items)));
    }

    function _expectOutOfGas(bytes memory call) private {
        for (uint256 gas = 1_000_000; gas < 8_000_000; gas += 250_000) {
            (bool done, bytes memory reason) = address(vault).call{gas: gas}(call);
            if (done) break;
            if (bytes4(reason) == ISettlements.OutOfGas.selector) return;
        }
        revert Untrue();
    }

    function _forged(uint256 which, uint256 key) private view returns (ISettlements.Settlement memory item) {
        item = _accepted(1);
        ISettlements.Signed what = ISettlements.Signed(which);
        if (what == ISettlements.Signed.Order) item.orderSignature = _signWith(key, _orderHash(item.order));
        if (what == ISettlements.Signed.NodeAward) item.nodeSignature = _signWith(key, _awardHash(item.award));
        if (what == ISettlements.Signed.OperatorAward) {
            item.operatorSignature = _signWith(key, _awardHash(item.award));
        }
        if (what == ISettlements.Signed.BidSheet) item.sheetSignature = _signWith(key, _sheetHash(item.sheet));
        if (what == ISettlements.Signed.Receipt) item.receiptSignature = _signWith(key, _receiptHash(item));
        if (what == ISettlements.Signed.Acceptance) {
            item.acceptanceSignature = _signWith(key, _acceptanceHash(item));
        }
    }

    function _alter(ISettlements.Settlement memory item, uint256 field, uint256 change) private pure {
        address who = address(uint160(change));
        if (field == 0) item.order.requester = who;
        else if (field == 1) item.order.operator = who;
        else if (field == 2) item.order.token = who;
        else if (field == 3) item.order.taskHash = bytes32(change);
        else if (field == 4) item.order.maxPrice = change;
        else if (field == 5) item.order.feeCapBps = uint16(change);
        else if (field == 6) item.order.royaltyCap = change;
        else if (field == 7) item.order.deliverBy = uint64(change);
        else if (field == 8) item.order.settleBy = uint64(change);
        else if (field == 9) item.order.nonce = change;
        else if (field == 10) item.order.resultKey = bytes32(change);
        else if (field == 11) item.award.roundHash = bytes32(change);
        else if (field == 12) item.award.payout = who;
        else if (field == 13) item.award.creator = who;
        else if (field == 14) item.award.price = change % (1 << 200);
        else if (field == 15) item.award.royalty = change;
        else if (field == 16) item.award.node = who;
        else if (field == 17) item.sheet.roundId = bytes32(change);
        else if (field == 18) item.sheet.slots = uint32(change);
        else if (field == 19) item.sheet.bond = change;
        else if (field == 20) item.sheet.answersRoot = bytes32(change);
        else if (field == 21) item.sheet.expiresAt = uint64(change);
        else if (field == 22) item.agentVersion = bytes32(change);
        else if (field == 23) item.ask = change;
        else if (field == 24) item.promisedSeconds = uint32(change);
        else if (field == 25) item.proof[0] = bytes32(change);
        else if (field == 26) item.resultHash = bytes32(change);
        else if (field == 27) item.charge = change;
        else if (field == 28) item.award.orderHash = bytes32(change);
        else _alterSignature(item, change);
    }

    function _alterSignature(ISettlements.Settlement memory item, uint256 change) private pure {
        bytes memory signature = item.orderSignature;
        uint256 which = (change >> 16) % 6;
        if (which == 1) signature = item.nodeSignature;
        else if (which == 2) signature = item.operatorSignature;
        else if (which == 3) signature = item.sheetSignature;
        else if (which == 4) signature = item.receiptSignature;
        else if (which == 5) signature = item.acceptanceSignature;
        signature[(change >> 8) % 65] ^= bytes1(uint8(change));
    }
}
