// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {SponsorPaymaster} from "../src/accounts/SponsorPaymaster.sol";
import {ISponsorPaymaster} from "../src/interfaces/ISponsorPaymaster.sol";
import {Counter, GaslessFixture} from "./GaslessFixture.sol";
import {vm} from "./Vm.sol";

contract SponsorPaymasterTest is GaslessFixture {
    function test_a_wallet_without_ether_calls_and_the_paymaster_pays() public {
        _handle(_sponsored(_increase()));
        vm.snapshotGasLastCall("a sponsored call of a delegated wallet, its first");
        assertEq(counter.count(), 1);
        assertEq(WALLET.balance, 0);
        assertEq(1 ether - _depositLeft(), BENEFICIARY.balance);
        _handle(_sponsored(_increase()));
        vm.snapshotGasLastCall("a sponsored call of a delegated wallet, a later one");
    }

    function test_all_serve_the_one_entry_point() public view {
        assertEq(address(paymaster.entryPoint()), address(ENTRY_POINT));
        assertEq(address(delegate.entryPoint()), address(ENTRY_POINT));
    }

    function test_what_counts_is_at_least_what_is_paid() public {
        _handle(_sponsored(_increase()));
        (uint256 day, uint256 amount) = paymaster.spentBy(WALLET);
        assertEq(day, uint256(START) / 1 days);
        assertEq(amount, MAX_COST);
        (, uint256 inAll) = paymaster.spentInAll();
        assertEq(inAll, MAX_COST);
        assertEq(1 ether - _depositLeft() <= MAX_COST ? 1 : 0, 1);
    }

    function test_an_operation_is_paid_for_once() public {
        PackedUserOperation memory op = _sponsored(_increase());
        _handle(op);
        _failsWith("AA25 invalid account nonce", op);
    }

    function test_a_word_for_one_chain_is_worth_nothing_on_another() public {
        PackedUserOperation memory op = _sponsored(_increase());
        vm.chainId(8453);
        _failsWith("AA34 signature error", _signed(op, WALLET_KEY));
    }

    function test_a_word_for_one_paymaster_is_worth_nothing_to_another() public {
        PackedUserOperation memory op = _sponsored(_increase());
        SponsorPaymaster other = _paymaster();
        other.deposit{value: 1 ether}();
        bytes memory moved = op.paymasterAndData;
        bytes20 there = bytes20(address(other));
        for (uint256 i = 0; i < 20; ++i) moved[i] = there[i];
        _failsWith("AA34 signature error", _signed(op, WALLET_KEY));
    }

    function test_nothing_is_paid_for_before_or_after_its_times() public {
        PackedUserOperation memory op = _sponsored(_increase());
        vm.warp(START + 601);
        _failsWith("AA32 paymaster expired or not due", op);
        vm.warp(START - 60);
        _failsWith("AA32 paymaster expired or not due", op);
        vm.warp(START + 600);
        _handle(op);
    }

    function test_no_word_lasts_longer_than_an_hour_or_for_ever() public {
        _refuseTimes(START, START + 1 hours + 1);
        _refuseTimes(START, 0);
        _refuseTimes(0, 0);
        _refuseTimes(START + 1, START);
        // The bit with which a later EntryPoint means blocks is a time far away for this one.
        uint48 flag = 1 << 47;
        PackedUserOperation memory op = _operation(WALLET, _increase());
        _sponsor(op, SPONSOR_KEY, flag, flag + 1 hours);
        _failsWith("AA32 paymaster expired or not due", _signed(op, WALLET_KEY));
    }

    function _refuseTimes(uint48 validAfter, uint48 validUntil) private {
        PackedUserOperation memory op = _operation(WALLET, _increase());
        _sponsor(op, SPONSOR_KEY, validAfter, validUntil);
        _isRefused(
            abi.encodeWithSelector(ISponsorPaymaster.ValidityOutOfRange.selector, validAfter, validUntil, 1 hours),
            _signed(op, WALLET_KEY)
        );
    }

    function test_another_signer_or_an_unreadable_signature_pays_nothing() public {
        PackedUserOperation memory op = _operation(WALLET, _increase());
        _sponsor(op, WALLET_KEY, START - 1, START + 1);
        _failsWith("AA34 signature error", _signed(op, WALLET_KEY));
        bytes memory given = op.paymasterAndData;
        for (uint256 i = 64; i < given.length; ++i) given[i] = 0;
        _failsWith("AA34 signature error", _signed(op, WALLET_KEY));
        op.paymasterAndData = abi.encodePacked(given, uint8(0));
        _isRefused(
            abi.encodeWithSelector(ISponsorPaymaster.UnreadableSponsorship.selector, 130, 129),
            _signed(op, WALLET_KEY)
        );
    }

    function test_whatever_is_altered_after_the_sponsors_word_is_not_paid_for() public {
        for (uint256 field = 0; field < 7; ++field) {
            PackedUserOperation memory op = _sponsored(_increase());
            if (field == 0) op.callData = _call(address(counter), abi.encodeCall(Counter.refuse, ()));
            if (field == 1) op.accountGasLimits = bytes32(uint256(op.accountGasLimits) - 1);
            if (field == 2) op.preVerificationGas -= 1;
            if (field == 3) op.gasFees = bytes32(uint256(op.gasFees) - 1);
            if (field == 4) op.nonce = uint256(1) << 64;
            if (field == 5) op.paymasterAndData[35] = bytes1(uint8(op.paymasterAndData[35]) - 1);
            if (field == 6) op.paymasterAndData[63] = bytes1(uint8(op.paymasterAndData[63]) + 1);
            _failsWith("AA34 signature error", _signed(op, WALLET_KEY));
        }
    }

    function test_a_wallet_that_runs_other_code_than_the_sponsor_saw_is_not_paid_for() public {
        PackedUserOperation memory op = _sponsored(_increase());
        vm.etch(WALLET, abi.encodePacked(address(delegate).code, hex"00"));
        _failsWith("AA34 signature error", op);
    }

    function test_an_accounts_budget_ends_with_its_day() public {
        for (uint256 i = 0; i < 3; ++i) _handle(_sponsored(_increase()));
        _isRefused(
            abi.encodeWithSelector(
                ISponsorPaymaster.OverAccountBudget.selector, WALLET, 3 * MAX_COST, MAX_COST, 3 * MAX_COST
            ),
            _sponsored(_increase())
        );
        vm.warp(START + 1 days);
        _handle(_sponsored(_increase()));
        (uint256 day, uint256 amount) = paymaster.spentBy(WALLET);
        assertEq(day, uint256(START) / 1 days + 1);
        assertEq(amount, MAX_COST);
    }

    function test_all_accounts_together_have_a_days_budget() public {
        for (uint256 i = 1; i <= 5; ++i) _handle(_sponsoredOf(i));
        PackedUserOperation memory op = _sponsoredOf(6);
        _isRefused(
            abi.encodeWithSelector(
                ISponsorPaymaster.OverDayBudget.selector, 5 * MAX_COST, MAX_COST, 5 * MAX_COST
            ),
            op
        );
        vm.warp(START + 1 days);
        _handle(_sponsoredOf(6));
    }

    function _sponsoredOf(uint256 number) private returns (PackedUserOperation memory op) {
        uint256 key = 0xF000 + number;
        address wallet = vm.addr(key);
        vm.etch(wallet, address(delegate).code);
        op = _operation(wallet, _increase());
        _sponsor(op, SPONSOR_KEY, uint48(block.timestamp) - 60, uint48(block.timestamp) + 600);
        return _signed(op, key);
    }

    function test_an_operation_costs_at_most_its_budget() public {
        PackedUserOperation memory op = _operation(WALLET, _increase());
        op.preVerificationGas += 1;
        _sponsor(op, SPONSOR_KEY, START - 1, START + 1);
        uint256 cost = MAX_COST + GAS_PRICE;
        _isRefused(
            abi.encodeWithSelector(ISponsorPaymaster.OverOperationBudget.selector, cost, MAX_COST),
            _signed(op, WALLET_KEY)
        );
    }

    function test_an_operation_of_yesterday_counts_for_today_once_today_has_begun() public {
        vm.warp(uint256(START) / 1 days * 1 days + 1 days - 10);
        PackedUserOperation memory late = _operation(WALLET, _increase());
        late.nonce = uint256(7) << 64;
        _sponsor(late, SPONSOR_KEY, uint48(block.timestamp) - 60, uint48(block.timestamp) + 5);
        _handle(_sponsored(_increase()));
        _handle(_signed(late, WALLET_KEY));
        (uint256 day, uint256 amount) = paymaster.spentBy(WALLET);
        assertEq(day, uint256(START) / 1 days + 1);
        assertEq(amount, 2 * MAX_COST);
    }

    function test_operations_that_fail_drain_no_more_than_the_budget() public {
        bytes memory failing = _call(address(counter), abi.encodeCall(Counter.refuse, ()));
        for (uint256 i = 0; i < 3; ++i) _handle(_sponsored(failing));
        _isRefused(
            abi.encodeWithSelector(
                ISponsorPaymaster.OverAccountBudget.selector, WALLET, 3 * MAX_COST, MAX_COST, 3 * MAX_COST
            ),
            _sponsored(failing)
        );
        uint256 paid = 1 ether - _depositLeft();
        assertEq(paid > 0 && paid <= 3 * MAX_COST ? 1 : 0, 1);
        assertEq(counter.count(), 0);
    }

    function test_an_operation_the_wallet_did_not_sign_costs_its_bundler_and_nobody_else() public {
        PackedUserOperation memory op = _operation(WALLET, _increase());
        _sponsor(op, SPONSOR_KEY, START - 1, START + 1);
        _failsWith("AA24 signature error", _signed(op, SPONSOR_KEY));
        assertEq(_depositLeft(), 1 ether);
    }

    function test_only_the_entry_point_has_it_count() public {
        PackedUserOperation memory op = _sponsored(_increase());
        vm.expectRevert(abi.encodeWithSelector(Paymaster.PaymasterUnauthorized.selector, address(this)));
        paymaster.validatePaymasterUserOp(op, bytes32(0), 1);
    }

    function test_another_sponsor_replaces_the_first() public {
        PackedUserOperation memory before = _sponsored(_increase());
        vm.expectEmit();
        emit ISponsorPaymaster.SponsorChanged(SPONSOR, WALLET);
        paymaster.setSponsor(WALLET);
        assertEq(paymaster.sponsor(), WALLET);
        _failsWith("AA34 signature error", before);
        _sponsor(before, WALLET_KEY, START - 1, START + 1);
        _handle(_signed(before, WALLET_KEY));
        vm.expectRevert(ISponsorPaymaster.ZeroSponsor.selector);
        paymaster.setSponsor(address(0));
    }

    function test_budgets_stay_in_order_and_below_what_code_allows() public {
        uint128 highest = paymaster.MAX_PER_DAY();
        _refuseBudgets(2, 1, 3, highest);
        _refuseBudgets(1, 3, 2, highest);
        _refuseBudgets(1, 2, highest + 1, highest);
        vm.expectEmit();
        emit ISponsorPaymaster.BudgetsChanged(1, 2, highest);
        paymaster.setBudgets(ISponsorPaymaster.Budgets(1, 2, highest));
        assertEq(paymaster.budgets().perDay, highest);
        PackedUserOperation memory op = _sponsored(_increase());
        _isRefused(abi.encodeWithSelector(ISponsorPaymaster.OverOperationBudget.selector, MAX_COST, 1), op);
    }

    function _refuseBudgets(uint128 perOperation, uint128 perAccount, uint128 perDay, uint128 highest) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsorPaymaster.BudgetsOutOfOrder.selector, perOperation, perAccount, perDay, highest
            )
        );
        paymaster.setBudgets(ISponsorPaymaster.Budgets(perOperation, perAccount, perDay));
    }

    function test_governance_takes_deposit_and_stake_back_and_nobody_else_does() public {
        paymaster.addStake{value: 2 ether}(1 days);
        paymaster.withdrawDeposit(payable(STRANGER), 0.4 ether);
        assertEq(STRANGER.balance, 0.4 ether);
        assertEq(_depositLeft(), 0.6 ether);
        paymaster.unlockStake();
        vm.expectRevert("Stake withdrawal is not due");
        paymaster.withdrawStake(payable(STRANGER));
        vm.warp(START + 1 days);
        paymaster.withdrawStake(payable(STRANGER));
        assertEq(STRANGER.balance, 2.4 ether);
        _refuseStranger(abi.encodeCall(paymaster.withdrawDeposit, (payable(STRANGER), 1)));
        _refuseStranger(abi.encodeCall(paymaster.addStake, (1)));
        _refuseStranger(abi.encodeCall(paymaster.unlockStake, ()));
        _refuseStranger(abi.encodeCall(paymaster.withdrawStake, (payable(STRANGER))));
        _refuseStranger(abi.encodeCall(paymaster.setSponsor, (STRANGER)));
        _refuseStranger(abi.encodeCall(paymaster.setBudgets, (_budgets())));
        _refuseStranger(abi.encodeWithSignature("pause()"));
    }

    function _refuseStranger(bytes memory data) private {
        vm.prank(STRANGER);
        (bool isDone, bytes memory reason) = address(paymaster).call(data);
        assertEq(isDone ? 1 : 0, 0);
        assertEq(
            keccak256(reason)
                == keccak256(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER))
                ? 1
                : 0,
            1
        );
    }

    function test_a_pause_ends_sponsoring_and_keeps_no_money() public {
        PackedUserOperation memory op = _sponsored(_increase());
        paymaster.pause();
        _isRefused(abi.encodeWithSelector(Pausable.EnforcedPause.selector), op);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        paymaster.deposit{value: 1}();
        paymaster.withdrawDeposit(payable(STRANGER), 1 ether);
        assertEq(STRANGER.balance, 1 ether);
        paymaster.unpause();
        paymaster.deposit{value: 1 ether}();
        _handle(op);
    }

    function test_a_paymaster_without_a_sponsor_or_with_budgets_out_of_order_is_not_made() public {
        address authority = address(new AccessManager(address(this)));
        vm.expectRevert(ISponsorPaymaster.ZeroSponsor.selector);
        new SponsorPaymaster(authority, address(0), _budgets());
        vm.expectRevert();
        new SponsorPaymaster(authority, SPONSOR, ISponsorPaymaster.Budgets(2, 1, 1));
    }
}
