// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Escrow} from "../src/Escrow.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {IEscrowParameters} from "../src/interfaces/IEscrowParameters.sol";
import {EscrowFixture} from "./EscrowFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Keeps a twentieth of every transfer.
contract TaxedCoin is ERC20("Taxed", "TAX") {
    constructor(address owner) {
        _mint(owner, 1e30);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) return super._update(from, to, value);
        super._update(from, to, value - value / 20);
        super._update(from, address(0), value / 20);
    }
}

/// @dev Gives nothing, and calls back into the escrow while it is asked.
contract HollowCoin {
    bytes private _callback;

    function setCallback(bytes calldata callback) external {
        _callback = callback;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 7;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        (bool success, bytes memory reason) = msg.sender.call(_callback);
        if (success) return true;
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }
}

contract EscrowTest is EscrowFixture {
    function _expectTermsRevert(IEscrowFunding.Terms memory terms, bytes memory reason) private {
        vm.prank(REQUESTER);
        vm.expectRevert(reason);
        escrow.fund(terms);
    }

    function _expectWrongState(uint256 escrowId, IEscrow.State state) private {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongState.selector, escrowId, state));
    }

    function test_the_requester_releases_at_any_time_and_the_provider_pulls_its_price() public {
        assertEq(escrow.amountFor(1_000 * DOLLAR), AMOUNT);
        vm.expectEmit();
        emit IEscrow.Funded(1, REQUESTER, PROVIDER, REQUESTER, address(token), AMOUNT, TASK);
        uint256 escrowId = _funded();
        vm.snapshotGasLastCall("fund");
        vm.expectEmit();
        emit IEscrow.Closed(escrowId, IEscrow.State.Released, 1_000 * DOLLAR, 0, 20 * DOLLAR);
        vm.prank(REQUESTER);
        escrow.release(escrowId);
        vm.snapshotGasLastCall("release");
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
        vm.expectEmit();
        emit IEscrow.Withdrawn(PROVIDER, address(token), 1_000 * DOLLAR);
        vm.prank(STRANGER);
        escrow.withdraw(PROVIDER, address(token));
        vm.snapshotGasLastCall("withdraw");
        assertEq(token.balanceOf(PROVIDER), 1_000 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingToWithdraw.selector, PROVIDER, address(token)));
        escrow.withdraw(PROVIDER, address(token));
    }

    function test_anybody_funds_for_the_requester_who_alone_decides() public {
        _allow(STRANGER, AMOUNT, address(escrow));
        vm.prank(STRANGER);
        uint256 escrowId = escrow.fund(_terms());
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.NotReleasable.selector, escrowId, IEscrow.State.Funded, 0, START)
        );
        escrow.release(escrowId);
        vm.prank(PROVIDER);
        escrow.refund(escrowId);
        _requireBalances(0, AMOUNT, 0);
        assertEq(_balance(STRANGER), 0);
    }

    function test_anyone_releases_a_delivery_once_the_approval_window_has_passed() public {
        uint256 escrowId = _funded();
        vm.expectEmit();
        emit IEscrow.Delivered(escrowId, RESULT, uint64(START) + WINDOW);
        _deliver(escrowId);
        vm.snapshotGasLastCall("deliver");
        vm.warp(START + WINDOW - 1);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.NotReleasable.selector,
                escrowId,
                IEscrow.State.Delivered,
                START + WINDOW,
                START + WINDOW - 1
            )
        );
        escrow.release(escrowId);
        vm.warp(START + WINDOW);
        vm.prank(STRANGER);
        escrow.release(escrowId);
        _requireState(escrowId, IEscrow.State.Released);
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
    }

    function test_anyone_refunds_what_was_not_delivered_in_time() public {
        uint256 escrowId = _funded();
        vm.warp(START + 5 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.NotRefundable.selector, escrowId, IEscrow.State.Funded, START + 5 days, START + 5 days
            )
        );
        escrow.refund(escrowId);
        vm.warp(START + 5 days + 1);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.DeliveryTooLate.selector, START + 5 days, START + 5 days + 1)
        );
        escrow.deliver(escrowId, RESULT);
        vm.prank(STRANGER);
        escrow.refund(escrowId);
        _requireState(escrowId, IEscrow.State.Refunded);
        _requireBalances(0, AMOUNT, 0);
    }

    function test_a_delivery_in_the_last_second_is_not_refunded() public {
        uint256 escrowId = _funded();
        vm.warp(START + 5 days);
        _deliver(escrowId);
        vm.warp(START + 6 days);
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.NotRefundable.selector,
                escrowId,
                IEscrow.State.Delivered,
                START + 5 days,
                START + 6 days
            )
        );
        escrow.refund(escrowId);
    }

    function test_a_provider_gives_the_money_back_after_delivering_too() public {
        uint256 escrowId = _delivered();
        vm.prank(PROVIDER);
        escrow.refund(escrowId);
        _requireBalances(0, AMOUNT, 0);
    }

    function test_only_the_provider_delivers_and_once_and_something() public {
        uint256 escrowId = _funded();
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyProvider.selector, address(this), PROVIDER));
        escrow.deliver(escrowId, RESULT);
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NoResult.selector));
        escrow.deliver(escrowId, 0);
        _deliver(escrowId);
        _expectWrongState(escrowId, IEscrow.State.Delivered);
        vm.prank(PROVIDER);
        escrow.deliver(escrowId, RESULT);
    }

    function test_a_closed_escrow_pays_nobody_again() public {
        uint256 escrowId = _delivered();
        vm.prank(REQUESTER);
        escrow.release(escrowId);
        vm.warp(START + 300 days);
        vm.prank(REQUESTER);
        vm.expectRevert();
        escrow.release(escrowId);
        vm.prank(PROVIDER);
        vm.expectRevert();
        escrow.refund(escrowId);
        _expectWrongState(escrowId, IEscrow.State.Released);
        escrow.lapse(escrowId);
        _expectWrongState(escrowId, IEscrow.State.Released);
        escrow.verify(escrowId, "");
        _expectWrongState(escrowId, IEscrow.State.Released);
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        _expectWrongState(escrowId, IEscrow.State.Released);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        assertEq(_balance(PROVIDER) + _balance(REQUESTER) + _balance(FEES), AMOUNT);
    }

    function test_what_was_never_funded_has_nothing_to_give() public {
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.NotReleasable.selector, 9, IEscrow.State.None, 0, START)
        );
        vm.prank(address(0));
        escrow.release(9);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.NotRefundable.selector, 9, IEscrow.State.None, 0, START)
        );
        vm.prank(address(0));
        escrow.refund(9);
    }

    function test_terms_that_bind_nobody_are_refused() public {
        IEscrowFunding.Terms memory terms = _terms();
        terms.requester = address(0);
        _expectTermsRevert(terms, abi.encodeWithSelector(IEscrowParameters.ZeroAddress.selector));
        terms = _terms();
        terms.provider = address(0);
        _expectTermsRevert(terms, abi.encodeWithSelector(IEscrowParameters.ZeroAddress.selector));
        terms.provider = REQUESTER;
        _expectTermsRevert(terms, abi.encodeWithSelector(IEscrow.SameParty.selector, REQUESTER));
        terms = _terms();
        terms.deliverBy = uint64(START - 1);
        _expectTermsRevert(
            terms,
            abi.encodeWithSelector(IEscrow.BadDeadline.selector, START - 1, START, START + 365 days)
        );
        terms.deliverBy = uint64(START + 365 days + 1);
        _expectTermsRevert(
            terms,
            abi.encodeWithSelector(
                IEscrow.BadDeadline.selector, START + 365 days + 1, START, START + 365 days
            )
        );
        terms = _terms();
        terms.approvalWindow = 1 hours - 1;
        _expectTermsRevert(
            terms,
            abi.encodeWithSelector(IEscrow.BadApprovalWindow.selector, 1 hours - 1, 1 hours, 90 days)
        );
        terms.approvalWindow = 90 days + 1;
        _expectTermsRevert(
            terms,
            abi.encodeWithSelector(IEscrow.BadApprovalWindow.selector, 90 days + 1, 1 hours, 90 days)
        );
        terms = _terms();
        terms.condition = new bytes(4_097);
        _expectTermsRevert(terms, abi.encodeWithSelector(IEscrow.ConditionTooLong.selector, 4_097, 4_096));
        terms = _terms();
        terms.amount = 0;
        _expectTermsRevert(terms, abi.encodeWithSelector(IEscrow.ZeroAmount.selector));
    }

    function test_a_hold_stops_everyone_but_the_court() public {
        uint256 escrowId = _delivered();
        vm.expectEmit();
        emit IEscrow.Held(escrowId, COURT, uint64(START + 180 days));
        vm.prank(COURT);
        assertTrue(escrow.hold(escrowId, REQUESTER) == PROVIDER);
        vm.warp(START + WINDOW + 1);
        bytes memory notReleasable = abi.encodeWithSelector(
            IEscrow.NotReleasable.selector, escrowId, IEscrow.State.Held, START + WINDOW, START + WINDOW + 1
        );
        vm.expectRevert(notReleasable);
        escrow.release(escrowId);
        vm.prank(REQUESTER);
        vm.expectRevert(notReleasable);
        escrow.release(escrowId);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEscrow.NotRefundable.selector,
                escrowId,
                IEscrow.State.Held,
                START + 5 days,
                START + WINDOW + 1
            )
        );
        escrow.refund(escrowId);
        _expectWrongState(escrowId, IEscrow.State.Held);
        escrow.verify(escrowId, "");
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyCourt.selector, address(this), COURT));
        escrow.rule(escrowId, 0, true);
    }

    function test_only_the_requester_through_the_court_in_its_window_disputes_a_delivery() public {
        uint256 escrowId = _funded();
        _expectWrongState(escrowId, IEscrow.State.Funded);
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        _deliver(escrowId);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyCourt.selector, REQUESTER, COURT));
        escrow.hold(escrowId, REQUESTER);
        vm.prank(COURT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyRequester.selector, STRANGER, REQUESTER));
        escrow.hold(escrowId, STRANGER);
        vm.warp(START + WINDOW);
        vm.prank(COURT);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.ApprovalWindowPassed.selector, START + WINDOW, START + WINDOW)
        );
        escrow.hold(escrowId, REQUESTER);
    }

    function test_a_ruling_divides_the_money_by_basis_points() public {
        uint256 escrowId = _held();
        vm.prank(COURT);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.ShareOverWhole.selector, 10_001));
        escrow.rule(escrowId, 10_001, false);
        vm.prank(COURT);
        escrow.rule(escrowId, 2_500, false);
        _requireState(escrowId, IEscrow.State.Ruled);
        _requireBalances(250 * DOLLAR, 765 * DOLLAR, 5 * DOLLAR);
    }

    function _stakeForNode(uint256 amount) private {
        _allow(PROVIDER, amount, address(stakes));
        vm.prank(PROVIDER);
        stakes.stake(NODE, address(token), amount);
    }

    function test_a_ruling_for_the_requester_takes_damages_from_the_stake() public {
        _stakeForNode(500 * DOLLAR);
        uint256 escrowId = _held();
        vm.expectEmit();
        emit IEscrow.StakeSlashed(escrowId, NODE, 102 * DOLLAR, 102 * DOLLAR);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        _requireBalances(0, AMOUNT, 0);
        assertEq(stakes.stakeOf(PROVIDER, NODE, address(token)), 398 * DOLLAR);
        assertEq(token.balanceOf(REQUESTER), AMOUNT * 9 + 102 * DOLLAR);
    }

    function test_damages_are_of_what_is_refunded_and_stop_at_the_stake() public {
        _stakeForNode(10 * DOLLAR);
        uint256 escrowId = _held();
        vm.expectEmit();
        emit IEscrow.StakeSlashed(escrowId, NODE, 51 * DOLLAR, 10 * DOLLAR);
        vm.prank(COURT);
        escrow.rule(escrowId, 5_000, true);
        assertEq(stakes.stakeOf(PROVIDER, NODE, address(token)), 0);
    }

    function test_a_ruling_for_the_provider_or_for_neither_leaves_the_stake_alone() public {
        _stakeForNode(500 * DOLLAR);
        uint256 escrowId = _held();
        vm.prank(COURT);
        escrow.rule(escrowId, 5_000, false);
        IEscrowFunding.Terms memory terms = _terms();
        terms.node = address(0);
        escrowId = _fund(terms);
        _deliver(escrowId);
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        assertEq(stakes.stakeOf(PROVIDER, NODE, address(token)), 500 * DOLLAR);
    }

    function test_a_stake_that_cannot_be_reached_does_not_stop_the_ruling() public {
        stakes.setRuler(STRANGER);
        uint256 escrowId = _held();
        vm.expectEmit();
        emit IEscrow.SlashFailed(escrowId, NODE, 102 * DOLLAR);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        _requireBalances(0, AMOUNT, 0);
        IEscrowParameters.Parameters memory given = _parameters();
        given.stakes = STRANGER;
        escrow.setParameters(given);
        escrowId = _held();
        vm.expectEmit();
        emit IEscrow.SlashFailed(escrowId, NODE, 102 * DOLLAR);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        given.stakes = address(0);
        escrow.setParameters(given);
        escrowId = _held();
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
        _requireBalances(0, 3 * AMOUNT, 0);
    }

    function test_nobody_gets_past_the_slash_by_sending_too_little_gas() public {
        _stakeForNode(500 * DOLLAR);
        uint256 escrowId = _held();
        bytes memory call = abi.encodeCall(escrow.rule, (escrowId, 0, true));
        for (uint256 gas_ = 100_000; gas_ < 700_000; gas_ += 50_000) {
            vm.prank(COURT);
            (bool ruled,) = address(escrow).call{gas: gas_}(call);
            bool slashed = stakes.stakeOf(PROVIDER, NODE, address(token)) == 398 * DOLLAR;
            assertTrue(ruled == slashed);
            if (ruled) return;
        }
        revert Untrue();
    }

    function test_a_court_that_never_rules_keeps_the_money_for_half_a_year_at_most() public {
        uint256 escrowId = _held();
        vm.warp(START + 180 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.RulingStillOpen.selector, START + 180 days, START + 180 days - 1)
        );
        escrow.lapse(escrowId);
        vm.warp(START + 180 days);
        escrow.lapse(escrowId);
        _requireState(escrowId, IEscrow.State.Lapsed);
        _requireBalances(500 * DOLLAR, 510 * DOLLAR, 10 * DOLLAR);
        _expectWrongState(escrowId, IEscrow.State.Lapsed);
        vm.prank(COURT);
        escrow.rule(escrowId, 0, true);
    }

    function test_an_escrow_keeps_the_court_the_fee_and_the_damages_it_was_funded_under() public {
        uint256 before = _delivered();
        IEscrowParameters.Parameters memory given = _parameters();
        (given.court, given.feeBps, given.damagesBps) = (STRANGER, 0, 0);
        vm.expectEmit();
        emit IEscrowParameters.ParametersSet(given);
        escrow.setParameters(given);
        assertEq(escrow.amountFor(1_000), 1_000);
        assertEq(escrow.parameters().feeBps, 0);
        uint256 later = _delivered();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyCourt.selector, STRANGER, COURT));
        escrow.hold(before, REQUESTER);
        vm.prank(REQUESTER);
        escrow.release(before);
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
        vm.prank(REQUESTER);
        escrow.release(later);
        _requireBalances(2_020 * DOLLAR, 0, 20 * DOLLAR);
    }

    function test_governance_sets_parameters_within_bounds_and_nobody_else_does() public {
        IEscrowParameters.Parameters memory given = _parameters();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        escrow.setParameters(given);
        given.feeBps = 1_001;
        vm.expectRevert(abi.encodeWithSelector(IEscrowParameters.FeeOverMaximum.selector, 1_001, 1_000));
        escrow.setParameters(given);
        given = _parameters();
        given.damagesBps = 5_001;
        vm.expectRevert(abi.encodeWithSelector(IEscrowParameters.DamagesOverMaximum.selector, 5_001, 5_000));
        escrow.setParameters(given);
        given = _parameters();
        given.minApprovalWindow = 7 days + 1;
        vm.expectRevert(
            abi.encodeWithSelector(IEscrowParameters.WindowOverMaximum.selector, 7 days + 1, 7 days)
        );
        escrow.setParameters(given);
        given = _parameters();
        given.court = address(0);
        vm.expectRevert(abi.encodeWithSelector(IEscrowParameters.ZeroAddress.selector));
        escrow.setParameters(given);
        given = _parameters();
        given.feeRecipient = address(0);
        vm.expectRevert(abi.encodeWithSelector(IEscrowParameters.ZeroAddress.selector));
        escrow.setParameters(given);
    }

    function test_a_pause_stops_new_escrows_and_nothing_else() public {
        uint256[6] memory ids;
        for (uint256 i = 0; i < 6; ++i) {
            ids[i] = i == 0 ? _funded() : _delivered();
        }
        escrow.pause();
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        escrow.fund(_terms());
        _deliver(ids[0]);
        vm.prank(REQUESTER);
        escrow.release(ids[0]);
        vm.prank(PROVIDER);
        escrow.refund(ids[1]);
        for (uint256 i = 2; i < 4; ++i) {
            vm.prank(COURT);
            escrow.hold(ids[i], REQUESTER);
        }
        vm.prank(COURT);
        escrow.rule(ids[2], 10_000, false);
        vm.warp(START + 200 days);
        escrow.lapse(ids[3]);
        escrow.release(ids[4]);
        escrow.withdraw(PROVIDER, address(token));
        escrow.unpause();
        IEscrowFunding.Terms memory terms = _terms();
        terms.deliverBy += 200 days;
        _fund(terms);
    }

    function test_a_coin_that_taxes_transfers_is_counted_as_what_arrives() public {
        TaxedCoin coin = new TaxedCoin(REQUESTER);
        vm.prank(REQUESTER);
        coin.approve(address(escrow), 1e30);
        IEscrowFunding.Terms memory terms = _terms();
        (terms.token, terms.amount) = (address(coin), 2_000);
        uint256 escrowId = _fund(terms);
        (IEscrowFunding.Terms memory kept,) = escrow.escrowOf(escrowId);
        assertEq(kept.amount, 1_900);
        vm.prank(PROVIDER);
        escrow.refund(escrowId);
        assertEq(escrow.balanceOf(REQUESTER, address(coin)), 1_900);
        assertEq(coin.balanceOf(address(escrow)), 1_900);
    }

    function test_a_coin_that_calls_back_or_gives_nothing_funds_nothing() public {
        HollowCoin coin = new HollowCoin();
        IEscrowFunding.Terms memory terms = _terms();
        terms.token = address(coin);
        coin.setCallback(abi.encodeCall(escrow.fund, (terms)));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        escrow.fund(terms);
        coin.setCallback(abi.encodeCall(escrow.parameters, ()));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.ZeroAmount.selector));
        escrow.fund(terms);
    }

    function testFuzz_every_unit_goes_to_somebody_and_the_fee_is_on_top(uint256 amount, uint16 share, uint16 feeBps)
        public
    {
        amount = _bound(amount, 1, 1e30);
        share = uint16(_bound(share, 0, 10_000));
        IEscrowParameters.Parameters memory given = _parameters();
        given.feeBps = uint16(_bound(feeBps, 0, 1_000));
        escrow.setParameters(given);
        _allow(REQUESTER, amount, address(escrow));
        IEscrowFunding.Terms memory terms = _terms();
        terms.amount = amount;
        uint256 escrowId = _fund(terms);
        _deliver(escrowId);
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        vm.prank(COURT);
        escrow.rule(escrowId, share, false);
        uint256 paid = _balance(PROVIDER);
        assertEq(paid + _balance(REQUESTER) + _balance(FEES), amount);
        assertEq(_balance(REQUESTER), amount - amount * share / 10_000);
        // The fee is within a unit of its rate, and never more.
        assertTrue(_balance(FEES) <= paid * given.feeBps / 10_000);
        assertTrue(_balance(FEES) + 1 >= paid * given.feeBps / 10_000);
    }

    function testFuzz_a_provider_is_paid_its_price_to_the_unit(uint256 price, uint16 feeBps) public {
        price = _bound(price, 1, 1e30);
        IEscrowParameters.Parameters memory given = _parameters();
        given.feeBps = uint16(_bound(feeBps, 0, 1_000));
        escrow.setParameters(given);
        IEscrowFunding.Terms memory terms = _terms();
        terms.amount = escrow.amountFor(price);
        _allow(REQUESTER, terms.amount, address(escrow));
        uint256 escrowId = _fund(terms);
        vm.prank(REQUESTER);
        escrow.release(escrowId);
        assertEq(_balance(PROVIDER), price);
    }
}
