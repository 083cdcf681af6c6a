// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IChannels} from "../src/interfaces/IChannels.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {AwkwardDollar} from "./AwkwardDollar.sol";
import {ChannelsFixture} from "./ChannelsFixture.sol";
import {vm} from "./Vm.sol";

/// @dev A contract that calls any signature its own.
contract AgreeableWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }
}

contract ChannelsTest is ChannelsFixture {
    function test_a_voucher_pays_what_it_is_worth_beyond_the_ones_before() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        vm.snapshotGasLastCall("open");
        bytes memory signature = _voucher(channelId, 30 * DOLLAR);
        vm.expectEmit();
        emit IChannels.VoucherRedeemed(channelId, PAYEE, 30 * DOLLAR, 30 * DOLLAR);
        channels.redeem(channelId, 30 * DOLLAR, signature);
        vm.snapshotGasLastCall("redeem, first of a payee");
        _redeem(channelId, 75 * DOLLAR);
        vm.snapshotGasLastCall("redeem");
        assertEq(_due(PAYEE), 75 * DOLLAR);
        vm.expectEmit();
        emit ICredits.Withdrawn(PAYEE, address(token), 75 * DOLLAR);
        channels.withdraw(PAYEE, address(token));
        assertEq(token.balanceOf(PAYEE), 75 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(ICredits.NothingDue.selector, PAYEE, address(token)));
        channels.withdraw(PAYEE, address(token));
    }

    function test_a_thousand_vouchers_are_closed_in_one_transaction() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        bytes memory newest;
        for (uint256 paid = 1; paid <= 1_000; ++paid) {
            newest = _voucher(channelId, paid * 50_000);
        }
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(channels.close, (channelId, 50 * DOLLAR, newest));
        calls[1] = abi.encodeCall(channels.withdraw, (PAYEE, address(token)));
        vm.prank(PAYEE);
        channels.multicall(calls);
        vm.snapshotGasLastCall("close and withdraw");
        assertEq(token.balanceOf(PAYEE), 50 * DOLLAR);
        assertEq(_due(PAYER), 50 * DOLLAR);
    }

    function test_an_old_or_used_voucher_is_worth_nothing() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        bytes memory older = _voucher(channelId, 10);
        bytes memory newer = _voucher(channelId, 20);
        channels.redeem(channelId, 20, newer);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotHigher.selector, channelId, 20, 20));
        channels.redeem(channelId, 20, newer);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotHigher.selector, channelId, 10, 20));
        channels.redeem(channelId, 10, older);
        vm.prank(PAYEE);
        vm.expectRevert(abi.encodeWithSelector(IChannels.NotHigher.selector, channelId, 10, 20));
        channels.close(channelId, 10, older);
    }

    function test_a_voucher_over_the_funds_waits_for_a_top_up() public {
        bytes32 channelId = _open(1, 10 * DOLLAR);
        bytes memory signature = _voucher(channelId, 11 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(IChannels.OverFunds.selector, channelId, 11 * DOLLAR, 10 * DOLLAR)
        );
        channels.redeem(channelId, 11 * DOLLAR, signature);
        vm.prank(PAYER);
        vm.expectEmit();
        emit IChannels.ChannelToppedUp(channelId, DOLLAR, 11 * DOLLAR);
        channels.topUp(channelId, DOLLAR);
        channels.redeem(channelId, 11 * DOLLAR, signature);
        assertEq(_due(PAYEE), 11 * DOLLAR);
    }

    function test_only_the_signers_key_pays_and_only_from_its_channel_on_its_chain() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        bytes32 other = _open(2, 100 * DOLLAR);
        bytes32 digest = channels.voucherDigest(channelId, DOLLAR);
        _expectWrongSigner(channelId, PAYER, _sign(PAYER_KEY, digest));
        _expectWrongSigner(channelId, address(0), "");
        _expectWrongSigner(channelId, address(0), new bytes(65));
        bytes memory elsewhere = _voucher(other, DOLLAR);
        vm.expectRevert();
        channels.redeem(channelId, DOLLAR, elsewhere);
        bytes memory here = _voucher(channelId, DOLLAR);
        vm.chainId(99);
        vm.expectRevert();
        channels.redeem(channelId, DOLLAR, here);
        assertEq(_due(PAYEE), 0);
    }

    function _expectWrongSigner(bytes32 channelId, address actual, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IChannels.WrongSigner.selector, channelId, SIGNER, actual));
        channels.redeem(channelId, DOLLAR, signature);
    }

    function test_a_contract_cannot_call_a_voucher_its_own() public {
        IChannels.Terms memory terms = _terms(1);
        terms.signer = address(new AgreeableWallet());
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, 100 * DOLLAR);
        vm.expectRevert();
        channels.redeem(channelId, DOLLAR, "yes");
        bytes memory signature = _voucher(channelId, DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(IChannels.WrongSigner.selector, channelId, terms.signer, SIGNER)
        );
        channels.redeem(channelId, DOLLAR, signature);
    }

    function test_the_payee_has_the_channels_delay_to_redeem_when_the_payer_closes() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayer.selector, STRANGER, PAYER));
        channels.requestClose(channelId);
        _expectNotClosable(channelId, 0, 0);
        vm.prank(PAYER);
        vm.expectEmit();
        emit IChannels.CloseRequested(channelId, START + CLOSE_DELAY);
        channels.requestClose(channelId);
        vm.warp(START + CLOSE_DELAY - 1);
        _expectNotClosable(channelId, START + CLOSE_DELAY, 0);
        _redeem(channelId, 60 * DOLLAR);
        vm.warp(START + CLOSE_DELAY);
        vm.expectEmit();
        emit IChannels.ChannelClosed(channelId, 60 * DOLLAR, 40 * DOLLAR);
        vm.prank(STRANGER);
        channels.completeClose(channelId);
        assertEq(_due(PAYEE), 60 * DOLLAR);
        assertEq(_due(PAYER), 40 * DOLLAR);
    }

    function _expectNotClosable(bytes32 channelId, uint256 closesAt, uint256 expiresAt) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IChannels.NotClosable.selector, channelId, closesAt, expiresAt, block.timestamp
            )
        );
        channels.completeClose(channelId);
    }

    function test_the_payer_cannot_start_the_delay_anew_or_top_up_what_closes() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        vm.prank(PAYER);
        channels.requestClose(channelId);
        bytes memory reason =
            abi.encodeWithSelector(IChannels.WrongState.selector, channelId, IChannels.ChannelState.Closing);
        vm.prank(PAYER);
        vm.expectRevert(reason);
        channels.requestClose(channelId);
        vm.prank(PAYER);
        vm.expectRevert(reason);
        channels.topUp(channelId, 1);
    }

    function test_the_payee_closes_at_once_with_or_without_a_voucher() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayee.selector, PAYER, PAYEE));
        channels.close(channelId, 0, "");
        vm.prank(PAYEE);
        channels.close(channelId, 0, "");
        assertEq(_due(PAYER), 100 * DOLLAR);
        channelId = _open(2, 100 * DOLLAR);
        vm.prank(PAYER);
        channels.requestClose(channelId);
        bytes memory signature = _voucher(channelId, 100 * DOLLAR);
        vm.prank(PAYEE);
        channels.close(channelId, 100 * DOLLAR, signature);
        assertEq(_due(PAYEE), 100 * DOLLAR);
        assertEq(_due(PAYER), 100 * DOLLAR);
    }

    function test_an_expired_channel_is_closed_by_anyone_and_not_before() public {
        IChannels.Terms memory terms = _terms(1);
        terms.expiresAt = uint64(START + CLOSE_DELAY - 1);
        vm.prank(PAYER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IChannels.ExpiresTooSoon.selector, terms.expiresAt, START + CLOSE_DELAY
            )
        );
        channels.open(terms, 100 * DOLLAR);
        terms.expiresAt = uint64(START + 10 days);
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, 100 * DOLLAR);
        vm.warp(START + 10 days - 1);
        _expectNotClosable(channelId, 0, START + 10 days);
        vm.warp(START + 10 days);
        _redeem(channelId, DOLLAR);
        vm.prank(STRANGER);
        channels.completeClose(channelId);
        assertEq(_due(PAYEE), DOLLAR);
        assertEq(_due(PAYER), 99 * DOLLAR);
    }

    function test_a_closed_channel_pays_nobody_and_is_never_opened_again() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        bytes memory signature = _voucher(channelId, 100 * DOLLAR);
        vm.prank(PAYEE);
        channels.close(channelId, 0, "");
        bytes memory reason =
            abi.encodeWithSelector(IChannels.WrongState.selector, channelId, IChannels.ChannelState.Closed);
        vm.expectRevert(reason);
        channels.redeem(channelId, 100 * DOLLAR, signature);
        vm.expectRevert(reason);
        channels.completeClose(channelId);
        vm.prank(PAYEE);
        vm.expectRevert(reason);
        channels.close(channelId, 0, "");
        vm.prank(PAYER);
        vm.expectRevert(reason);
        channels.topUp(channelId, 1);
        IChannels.Terms memory terms = _terms(1);
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(IChannels.ChannelExists.selector, channelId));
        channels.open(terms, 100 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IChannels.WrongState.selector, bytes32("none"), IChannels.ChannelState.None
            )
        );
        channels.redeem(bytes32("none"), 1, signature);
    }

    function test_terms_a_payee_could_not_live_with_are_refused() public {
        IChannels.Terms memory terms = _terms(1);
        terms.payee = address(0);
        _expectOpenRevert(terms, abi.encodeWithSelector(ICredits.ZeroAddress.selector));
        terms = _terms(1);
        terms.signer = address(0);
        _expectOpenRevert(terms, abi.encodeWithSelector(ICredits.ZeroAddress.selector));
        (uint64 low, uint64 high) = (channels.MIN_CLOSE_DELAY(), channels.MAX_CLOSE_DELAY());
        terms = _terms(1);
        terms.closeDelay = low - 1;
        _expectOpenRevert(terms, abi.encodeWithSelector(IChannels.DelayOutOfRange.selector, low - 1, low, high));
        terms.closeDelay = high + 1;
        _expectOpenRevert(terms, abi.encodeWithSelector(IChannels.DelayOutOfRange.selector, high + 1, low, high));
        vm.expectRevert(abi.encodeWithSelector(IChannels.OnlyPayer.selector, address(this), PAYER));
        channels.open(_terms(1), 1);
        vm.prank(PAYER);
        vm.expectRevert(ICredits.ZeroAmount.selector);
        channels.open(_terms(1), 0);
    }

    function _expectOpenRevert(IChannels.Terms memory terms, bytes memory reason) private {
        vm.prank(PAYER);
        vm.expectRevert(reason);
        channels.open(terms, 1);
    }

    function _authorization(bytes32 nonce, uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
                ),
                PAYER,
                address(channels),
                amount,
                0,
                START + 1,
                nonce
            )
        );
        return vm.sign(
            PAYER_KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash))
        );
    }

    function test_a_payers_word_opens_the_channel_it_names_and_no_other() public {
        IChannels.Terms memory terms = _terms(1);
        bytes32 channelId = channels.channelIdOf(terms);
        (uint8 v, bytes32 r, bytes32 s) = _authorization(channelId, 5 * DOLLAR);
        IChannels.Terms memory stolen = _terms(1);
        stolen.payee = STRANGER;
        vm.expectRevert();
        channels.openWithAuthorization(stolen, 5 * DOLLAR, 0, START + 1, v, r, s);
        vm.prank(STRANGER);
        channels.openWithAuthorization(terms, 5 * DOLLAR, 0, START + 1, v, r, s);
        _redeem(channelId, 5 * DOLLAR);
        assertEq(_due(PAYEE), 5 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IChannels.ChannelExists.selector, channelId));
        channels.openWithAuthorization(terms, 5 * DOLLAR, 0, START + 1, v, r, s);
    }

    function test_a_word_for_nothing_opens_nothing() public {
        IChannels.Terms memory terms = _terms(1);
        (uint8 v, bytes32 r, bytes32 s) = _authorization(channels.channelIdOf(terms), 0);
        vm.expectRevert(ICredits.ZeroAmount.selector);
        channels.openWithAuthorization(terms, 0, 0, START + 1, v, r, s);
    }

    function test_a_pause_stops_new_money_and_nothing_that_pays_out() public {
        bytes32 channelId = _open(1, 100 * DOLLAR);
        bytes32 other = _open(2, 100 * DOLLAR);
        channels.pause();
        IChannels.Terms memory terms = _terms(3);
        vm.prank(PAYER);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        channels.open(terms, 1);
        vm.prank(PAYER);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        channels.topUp(channelId, 1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        channels.openWithAuthorization(terms, 1, 0, START + 1, 27, 0, 0);
        _redeem(channelId, DOLLAR);
        vm.prank(PAYER);
        channels.requestClose(other);
        vm.warp(START + CLOSE_DELAY);
        channels.completeClose(other);
        vm.prank(PAYEE);
        channels.close(channelId, DOLLAR, "");
        channels.withdraw(PAYEE, address(token));
        channels.withdraw(PAYER, address(token));
        assertEq(token.balanceOf(address(channels)), 0);
        channels.unpause();
        _open(3, 1);
        vm.prank(STRANGER);
        vm.expectRevert();
        channels.pause();
    }

    function test_a_batch_skips_what_cannot_be_redeemed_and_says_why() public {
        IChannels.Redemption[] memory items = new IChannels.Redemption[](3);
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 channelId = _open(i, 10 * DOLLAR);
            items[i] = IChannels.Redemption(channelId, (i + 1) * DOLLAR, _voucher(channelId, (i + 1) * DOLLAR));
        }
        items[1].amount = 10 * DOLLAR;
        items[1].signature = _sign(PAYER_KEY, channels.voucherDigest(items[1].channelId, 10 * DOLLAR));
        vm.expectEmit();
        emit IChannels.RedemptionSkipped(
            items[1].channelId,
            STRANGER,
            abi.encodeWithSelector(IChannels.WrongSigner.selector, items[1].channelId, SIGNER, PAYER)
        );
        vm.prank(STRANGER);
        channels.redeemMany(items);
        assertEq(_due(PAYEE), 4 * DOLLAR);
    }

    function test_a_hundred_channels_are_claimed_in_one_transaction() public {
        IChannels.Redemption[] memory items = new IChannels.Redemption[](100);
        for (uint256 i = 0; i < 100; ++i) {
            bytes32 channelId = _open(i, DOLLAR);
            items[i] = IChannels.Redemption(channelId, DOLLAR, _voucher(channelId, DOLLAR));
        }
        channels.redeemMany(items);
        vm.snapshotGasLastCall("redeemMany, 100 channels");
        assertEq(_due(PAYEE), 100 * DOLLAR);
    }

    function test_a_batch_short_of_gas_blames_no_item() public {
        IChannels.Redemption[] memory items = new IChannels.Redemption[](2);
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 channelId = _open(i, DOLLAR);
            items[i] = IChannels.Redemption(channelId, DOLLAR, _voucher(channelId, DOLLAR));
        }
        uint256 settled = 0;
        uint256 refused = 0;
        for (uint256 gas_ = 20_000; gas_ < 200_000; gas_ += 1_000) {
            try this.attempt(items, gas_) {}
            catch (bytes memory outcome) {
                if (bytes4(outcome) == IChannels.OutOfGas.selector) ++refused;
                else if (outcome.length == 32) settled += abi.decode(outcome, (uint256)) == 2 * DOLLAR ? 1 : 1e9;
            }
        }
        assertEq(refused > 0 && settled > 0 && settled < 180 ? 1 : 0, 1);
    }

    /// @dev Redeems with that much gas; undoes it and says what the payee was due, or why it failed.
    function attempt(IChannels.Redemption[] calldata items, uint256 gas_) external {
        channels.redeemMany{gas: gas_}(items);
        uint256 due = _due(PAYEE);
        assembly ("memory-safe") {
            mstore(0, due)
            revert(0, 32)
        }
    }

    function _awkward() private returns (AwkwardDollar awkward, IChannels.Terms memory terms) {
        awkward = new AwkwardDollar();
        awkward.mint(PAYER, 1_000 * DOLLAR);
        vm.prank(PAYER);
        awkward.approve(address(channels), type(uint256).max);
        terms = _terms(9);
        terms.token = address(awkward);
    }

    function test_a_token_that_takes_a_fee_counts_for_what_arrives() public {
        (AwkwardDollar awkward, IChannels.Terms memory terms) = _awkward();
        awkward.takeFee(100);
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, 100 * DOLLAR);
        vm.prank(PAYER);
        channels.topUp(channelId, 100 * DOLLAR);
        assertEq(channels.channelOf(channelId).funds, 198 * DOLLAR);
        awkward.takeFee(10_000);
        vm.prank(PAYER);
        vm.expectRevert(ICredits.ZeroAmount.selector);
        channels.topUp(channelId, 100 * DOLLAR);
    }

    function test_more_money_than_is_counted_is_refused() public {
        (AwkwardDollar awkward, IChannels.Terms memory terms) = _awkward();
        awkward.mint(PAYER, uint256(1) << 129);
        vm.prank(PAYER);
        vm.expectRevert();
        channels.open(terms, uint256(1) << 128);
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, (uint256(1) << 128) - 1);
        vm.prank(PAYER);
        vm.expectRevert();
        channels.topUp(channelId, 1);
    }

    function test_a_payer_who_can_receive_nothing_does_not_stop_its_payee() public {
        (AwkwardDollar awkward, IChannels.Terms memory terms) = _awkward();
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, 100 * DOLLAR);
        awkward.block_(PAYER);
        bytes memory signature = _voucher(channelId, 40 * DOLLAR);
        vm.prank(PAYEE);
        channels.close(channelId, 40 * DOLLAR, signature);
        channels.withdraw(PAYEE, address(awkward));
        assertEq(awkward.balanceOf(PAYEE), 40 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(AwkwardDollar.Blocked.selector, PAYER));
        channels.withdraw(PAYER, address(awkward));
        assertEq(channels.dueTo(PAYER, address(awkward)), 60 * DOLLAR);
    }

    function test_a_token_that_calls_back_gets_nothing_twice() public {
        (AwkwardDollar awkward, IChannels.Terms memory terms) = _awkward();
        vm.prank(PAYER);
        bytes32 channelId = channels.open(terms, 100 * DOLLAR);
        channels.redeem(channelId, 40 * DOLLAR, _voucher(channelId, 40 * DOLLAR));
        awkward.callBack(address(channels), abi.encodeCall(channels.withdraw, (PAYEE, address(awkward))));
        vm.expectRevert();
        channels.withdraw(PAYEE, address(awkward));
        awkward.callBack(address(channels), abi.encodeCall(channels.topUp, (channelId, 1)));
        vm.prank(PAYER);
        vm.expectRevert();
        channels.topUp(channelId, 10);
        awkward.callBack(address(0), "");
        channels.withdraw(PAYEE, address(awkward));
        assertEq(awkward.balanceOf(PAYEE), 40 * DOLLAR);
    }

    function testFuzz_whatever_is_redeemed_the_payee_has_the_highest_voucher_and_the_payer_the_rest(
        uint256 seed,
        uint256 funds
    ) public {
        funds = _bound(funds, 1, 1_000 * DOLLAR);
        bytes32 channelId = _open(1, funds);
        uint256 highest = 0;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 amount = uint256(keccak256(abi.encode(seed, i))) % (funds + funds / 8 + 1);
            bytes memory signature = _voucher(channelId, amount);
            try channels.redeem(channelId, amount, signature) {
                highest = amount;
            } catch {
                assertEq(amount <= highest || amount > funds ? 1 : 0, 1);
            }
            assertEq(_due(PAYEE), highest);
        }
        vm.prank(PAYEE);
        channels.close(channelId, highest, "");
        assertEq(_due(PAYER), funds - highest);
    }
}
