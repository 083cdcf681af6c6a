// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBondClaims} from "../src/interfaces/IBondClaims.sol";
import {IBonds} from "../src/interfaces/IBonds.sol";
import {ICovers} from "../src/interfaces/ICovers.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {BondFixture} from "./BondFixture.sol";
import {vm} from "./Vm.sol";

/// @title Claims on the bond for results nobody accepted
contract BondClaimsTest is BondFixture {
    uint256 private constant STAKE = 5_100_000;
    uint256 private constant AFTER = START + 1 days + 1;

    function setUp() public override {
        super.setUp();
        _post(NODE, 50 * DOLLAR);
        _post(EVERY_NODE, 60 * DOLLAR);
        _leaveRequester(11 * DOLLAR);
    }

    function test_a_short_requester_that_accepts_nothing_does_not_cost_the_node_its_pay() public {
        ISettlements.Settlement memory item = _longDelivered(1);
        bytes32 orderHash = _orderHash(item.order);
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        vm.expectEmit();
        emit IBondClaims.BondClaimed(orderHash, REQUESTER, NODE, 51 * DOLLAR, AFTER);
        bonds.claim(item, HELD, signature);
        vm.snapshotGasLastCall("claim on the bond");
        assertEq(_staying(NODE), 0);
        assertEq(_staying(EVERY_NODE), 59 * DOLLAR);
        IBondClaims.BondClaim memory record = bonds.claimOf(orderHash);
        assertTrue(record.state == IBondClaims.BondClaimState.Open);
        assertEq(record.lockedOfNode, 50 * DOLLAR);
        vm.warp(AFTER - 1);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.NotPayable.selector, AFTER, AFTER - 1));
        bonds.pay(orderHash);
        vm.warp(AFTER);
        vm.expectEmit();
        emit IBondClaims.BondClaimPaid(orderHash, PAYOUT, 45 * DOLLAR, 5 * DOLLAR);
        bonds.pay(orderHash);
        bonds.withdraw(PAYOUT, address(token));
        bonds.withdraw(CREATOR, address(token));
        assertEq(token.balanceOf(PAYOUT), 45 * DOLLAR);
        assertEq(token.balanceOf(CREATOR), 5 * DOLLAR);
        // The fee stays with the common bond, which it came from.
        assertEq(_staying(EVERY_NODE), 60 * DOLLAR);
        assertEq(token.balanceOf(address(bonds)), 60 * DOLLAR);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.Paid);
        bonds.pay(orderHash);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.Paid);
        bonds.release(orderHash);
        _expectClaimRevert(
            item, abi.encodeWithSelector(IBondClaims.AlreadyClaimed.selector, orderHash, _awardHash(item.award))
        );
    }

    function test_a_claim_is_payable_only_when_the_vault_no_longer_settles() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(block.timestamp);
        item = _sign(item);
        _claimBond(item);
        assertEq(bonds.claimOf(_orderHash(item.order)).payableAt, block.timestamp + CHALLENGE_WINDOW);
        item = _unsigned(2);
        item.order.settleBy = type(uint64).max;
        item = _sign(item);
        _expectClaimRevert(
            item,
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 64, uint256(type(uint64).max) + 1)
        );
    }

    function test_the_requester_gets_nothing_of_the_bond_by_disputing() public {
        bytes32 orderHash = _claimed(1);
        assertEq(_balance(REQUESTER), 11 * DOLLAR);
        _fundWallet(REQUESTER);
        vm.expectEmit();
        emit IBondClaims.BondClaimDisputed(orderHash, REQUESTER, STAKE);
        _dispute(REQUESTER, orderHash);
        assertEq(token.balanceOf(address(bonds)), 110 * DOLLAR + STAKE);
        vm.expectEmit();
        emit IBondClaims.BondClaimReleased(orderHash, 51 * DOLLAR);
        _rule(orderHash, false);
        assertEq(_staying(NODE), 50 * DOLLAR);
        assertEq(_staying(EVERY_NODE), 60 * DOLLAR);
        assertEq(_balance(REQUESTER), 11 * DOLLAR);
        assertEq(bonds.dueTo(REQUESTER, address(token)), STAKE);
        bytes32 awardHash = _awardHash(_long(1).award);
        _expectClaimRevert(_long(1), abi.encodeWithSelector(IBondClaims.AwardRefused.selector, awardHash));
        // Another award of the order is another matter.
        ISettlements.Settlement memory second = _unsigned(1);
        second.order.settleBy = uint64(START + 1 days);
        second.award.roundHash = keccak256("other round");
        _claimBond(_sign(second));
    }

    function test_a_dispute_that_is_lost_pays_the_node_the_stake_too() public {
        bytes32 orderHash = _claimed(1);
        _fundWallet(OPERATOR);
        _dispute(OPERATOR, orderHash);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.Disputed);
        bonds.pay(orderHash);
        vm.expectEmit();
        emit IBondClaims.BondClaimRuled(orderHash, true);
        _rule(orderHash, true);
        assertEq(bonds.dueTo(PAYOUT, address(token)), STAKE);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.NotPayable.selector, AFTER, block.timestamp));
        bonds.pay(orderHash);
        vm.warp(AFTER);
        bonds.pay(orderHash);
        assertEq(bonds.dueTo(PAYOUT, address(token)), 45 * DOLLAR + STAKE);
        assertEq(token.balanceOf(address(bonds)), 110 * DOLLAR + STAKE);
    }

    function test_a_dispute_nobody_rules_on_lapses() public {
        bytes32 orderHash = _claimed(1);
        _fundWallet(REQUESTER);
        _dispute(REQUESTER, orderHash);
        uint256 lapsesAt = block.timestamp + vault.RULING_WINDOW();
        vm.warp(lapsesAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.RulingStillOpen.selector, lapsesAt, lapsesAt - 1));
        bonds.lapse(orderHash);
        vm.warp(lapsesAt);
        bonds.lapse(orderHash);
        assertEq(_staying(NODE) + _staying(EVERY_NODE), 110 * DOLLAR);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.None);
        bonds.lapse(orderHash);
    }

    function test_only_the_parties_dispute_in_time_and_only_the_arbiter_rules() public {
        bytes32 orderHash = _claimed(1);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.OnlyParties.selector, STRANGER));
        _dispute(STRANGER, orderHash);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.OnlyArbiter.selector, address(this)));
        bonds.rule(orderHash, true);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.Open);
        _rule(orderHash, true);
        vm.warp(AFTER);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.DisputeTooLate.selector, AFTER, AFTER));
        _dispute(REQUESTER, orderHash);
    }

    function test_what_the_vault_would_not_let_a_node_claim_the_bond_does_not_either() public {
        ISettlements.Settlement memory item = _longDelivered(1);
        item.receiptSignature = _signWith(STRANGER_KEY, _receiptHash(item));
        bytes memory reason = abi.encodeWithSelector(
            ISettlements.WrongSigner.selector, ISettlements.Signed.Receipt, NODE, vm.addr(STRANGER_KEY)
        );
        _expectClaimRevert(item, reason);
        item = _longDelivered(1);
        bytes memory signature = _holdSignature(STRANGER_KEY, item, HELD);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        bonds.claim(item, HELD, signature);
        vm.warp(AFTER);
        reason = abi.encodeWithSelector(ISettlements.SettleByPassed.selector, START + 1 days, AFTER);
        _expectClaimRevert(item, reason);
        assertEq(_staying(NODE) + _staying(EVERY_NODE), 110 * DOLLAR);
    }

    function test_what_the_requester_can_pay_is_claimed_in_the_vault() public {
        _deposit(REQUESTER, 40 * DOLLAR);
        ISettlements.Settlement memory item = _longDelivered(1);
        _expectClaimRevert(item, abi.encodeWithSelector(ICovers.NothingShort.selector, _orderHash(item.order)));
    }

    function test_a_rehearsal_is_nobodys_to_call() public {
        ISettlements.Settlement memory item = _longDelivered(1);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.OnlySelf.selector, address(this)));
        bonds.rehearse(item, 40 * DOLLAR);
    }

    function test_claims_beyond_the_bond_are_refused() public {
        _claimed(1);
        _claimed(2);
        bytes memory reason =
            abi.encodeWithSelector(IBonds.BondTooSmall.selector, NODE, address(token), 8 * DOLLAR, 51 * DOLLAR);
        _expectClaimRevert(_longDelivered(3), reason);
    }

    function test_what_the_vault_settles_after_all_is_not_paid_again() public {
        bytes32 orderHash = _claimed(1);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.VaultDoesNotDecide.selector, orderHash));
        bonds.release(orderHash);
        _deposit(REQUESTER, 40 * DOLLAR);
        vault.settleOne(_long(1));
        vm.warp(AFTER);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.VaultDecides.selector, orderHash));
        bonds.pay(orderHash);
        bonds.release(orderHash);
        assertEq(_staying(NODE) + _staying(EVERY_NODE), 110 * DOLLAR);
        _expectWrongState(orderHash, IBondClaims.BondClaimState.None);
        bonds.release(orderHash);
    }

    function test_what_the_vault_has_a_claim_on_or_ruled_against_is_not_paid() public {
        bytes32 orderHash = _claimed(1);
        _deposit(REQUESTER, 60 * DOLLAR);
        vault.claimOne(_longDelivered(1));
        vm.prank(REQUESTER);
        vault.challenge(orderHash);
        vm.warp(AFTER);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.VaultDecides.selector, orderHash));
        bonds.pay(orderHash);
        vm.prank(ARBITER);
        vault.rule(orderHash, false);
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.VaultDecides.selector, orderHash));
        bonds.pay(orderHash);
        bonds.release(orderHash);
        assertEq(_staying(NODE) + _staying(EVERY_NODE), 110 * DOLLAR);
    }

    function test_an_operator_does_not_call_its_word_back_by_a_slash() public {
        bytes32 orderHash = _claimed(1);
        ISettlements.Settlement memory item = _longDelivered(1);
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(item), PROVIDER, 0, 0);
        assertTrue(vault.voided(_awardHash(item.award)));
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.VaultDoesNotDecide.selector, orderHash));
        bonds.release(orderHash);
        vm.warp(AFTER);
        bonds.pay(orderHash);
        assertEq(bonds.dueTo(PAYOUT, address(token)), 45 * DOLLAR);
    }

    function test_an_operator_does_not_withdraw_what_a_claim_has_locked() public {
        bytes32 orderHash = _claimed(1);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IBonds.BondTooSmall.selector, NODE, address(token), 0, 1));
        bonds.requestWithdrawal(NODE, address(token), 1);
        vm.prank(OPERATOR);
        bonds.requestWithdrawal(EVERY_NODE, address(token), 59 * DOLLAR);
        vm.warp(AFTER);
        bonds.completeWithdrawal(EVERY_NODE, address(token));
        bonds.pay(orderHash);
        bonds.withdraw(PAYOUT, address(token));
    }

    function testFuzz_what_is_locked_goes_back_where_it_came_from(uint256 price, uint256 royalty, bool toPay) public {
        price = _bound(price, 12 * DOLLAR, 98 * DOLLAR);
        royalty = _bound(royalty, 0, 5 * DOLLAR);
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(START + 1 days);
        item.award.price = price;
        item.award.royalty = royalty;
        item.ask = 0;
        item.charge = price + price * FEE_BPS / 10_000;
        item = _sign(item);
        _claimBond(item);
        bytes32 orderHash = _orderHash(item.order);
        vm.warp(AFTER);
        if (toPay) {
            bonds.pay(orderHash);
            assertEq(bonds.dueTo(PAYOUT, address(token)), price - royalty);
            assertEq(bonds.dueTo(CREATOR, address(token)), royalty);
            assertEq(_staying(NODE) + _staying(EVERY_NODE), 110 * DOLLAR - price);
        } else {
            vm.warp(AFTER - 1);
            _deposit(REQUESTER, 100 * DOLLAR);
            vault.settleOne(item);
            bonds.release(orderHash);
            assertEq(_staying(NODE), 50 * DOLLAR);
            assertEq(_staying(EVERY_NODE), 60 * DOLLAR);
        }
    }

    function _claimed(uint256 nonce) private returns (bytes32) {
        ISettlements.Settlement memory item = _longDelivered(nonce);
        _claimBond(item);
        return _orderHash(item.order);
    }

    function _fundWallet(address owner) private {
        token.mint(owner, STAKE);
        vm.prank(owner);
        token.approve(address(bonds), STAKE);
    }

    function _dispute(address by, bytes32 orderHash) private {
        vm.prank(by);
        bonds.dispute(orderHash);
    }

    function _rule(bytes32 orderHash, bool toPay) private {
        vm.prank(ARBITER);
        bonds.rule(orderHash, toPay);
    }

    function _expectWrongState(bytes32 orderHash, IBondClaims.BondClaimState state) private {
        vm.expectRevert(abi.encodeWithSelector(IBondClaims.WrongState.selector, orderHash, state));
    }

    function _expectClaimRevert(ISettlements.Settlement memory item, bytes memory reason) private {
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        vm.expectRevert(reason);
        bonds.claim(item, HELD, signature);
    }
}
