// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannels} from "../src/interfaces/IChannels.sol";
import {ChannelsFixture} from "./ChannelsFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever the parties of some channels and strangers may do, in any order, as far as the contract lets it.
contract ChannelsActor is ChannelsFixture {
    uint256 private constant CHANNELS = 10;

    uint256 public clock = START;
    /// @dev The most each channel was ever seen to have redeemed.
    mapping(uint256 salt => uint256) public highest;

    error WentBack(uint256 redeemed, uint256 highest);
    error PaidOverFunds(uint256 redeemed, uint256 funds);
    error Insolvent(uint256 held, uint256 owed);

    function setUp() public override {
        if (address(channels) == address(0)) super.setUp();
    }

    function open(uint256 salt, uint256 amount) external {
        IChannels.Terms memory terms = _termsOf(salt);
        vm.prank(PAYER);
        try channels.open(terms, _bound(amount, 1, 20 * DOLLAR)) {} catch {}
    }

    function topUp(uint256 salt, uint256 amount) external {
        vm.prank(PAYER);
        try channels.topUp(_id(salt), _bound(amount, 1, 20 * DOLLAR)) {} catch {}
    }

    function redeem(uint256 salt, uint256 amount, bool ofPayer) external {
        bytes32 channelId = _id(salt);
        amount = _bound(amount, 0, 30 * DOLLAR);
        bytes32 digest = channels.voucherDigest(channelId, amount);
        bytes memory signature = _sign(ofPayer ? PAYER_KEY : SIGNER_KEY, digest);
        try channels.redeem(channelId, amount, signature) {} catch {}
        _see(salt);
    }

    function redeemMany(uint256 amount) external {
        IChannels.Redemption[] memory items = new IChannels.Redemption[](CHANNELS);
        for (uint256 salt = 0; salt < CHANNELS; ++salt) {
            uint256 each = _bound(uint256(keccak256(abi.encode(amount, salt))), 0, 30 * DOLLAR);
            items[salt] = IChannels.Redemption(_id(salt), each, _voucher(_id(salt), each));
        }
        channels.redeemMany(items);
        for (uint256 salt = 0; salt < CHANNELS; ++salt) _see(salt);
    }

    function close(uint256 salt, uint256 amount) external {
        bytes32 channelId = _id(salt);
        amount = _bound(amount, 0, 30 * DOLLAR);
        bytes memory signature = _voucher(channelId, amount);
        vm.prank(PAYEE);
        try channels.close(channelId, amount, signature) {} catch {}
        _see(salt);
    }

    function requestClose(uint256 salt) external {
        vm.prank(PAYER);
        try channels.requestClose(_id(salt)) {} catch {}
    }

    function completeClose(uint256 salt) external {
        try channels.completeClose(_id(salt)) {} catch {}
    }

    function withdraw(bool payer) external {
        try channels.withdraw(payer ? PAYER : PAYEE, address(token)) {} catch {}
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, CLOSE_DELAY);
        vm.warp(clock);
    }

    /// @dev Reverts when the contract does not hold exactly what it owes, or any channel ever went back.
    function check() external view {
        uint256 owed = _due(PAYER) + _due(PAYEE);
        for (uint256 salt = 0; salt < CHANNELS; ++salt) {
            IChannels.Channel memory channel = channels.channelOf(_id(salt));
            if (channel.redeemed < highest[salt]) revert WentBack(channel.redeemed, highest[salt]);
            if (channel.redeemed > channel.funds) revert PaidOverFunds(channel.redeemed, channel.funds);
            if (channel.state != IChannels.ChannelState.Closed) owed += channel.funds - channel.redeemed;
        }
        uint256 held = token.balanceOf(address(channels));
        if (held != owed) revert Insolvent(held, owed);
    }

    /// @dev Planted faults, for the tests that show `check` sees them; not among what the fuzzer calls.
    function plantTheft() external {
        vm.prank(address(channels));
        token.transfer(STRANGER, 1);
    }

    function plantForgetting(uint256 salt) external {
        // The last word of a channel: funds below, what was redeemed above.
        bytes32 slot = bytes32(uint256(keccak256(abi.encode(_id(salt), _slotOfChannels()))) + 4);
        vm.store(address(channels), slot, bytes32(uint256(channels.channelOf(_id(salt)).funds)));
    }

    function _slotOfChannels() private view returns (uint256 slot) {
        bytes32 channelId = _id(0);
        while (vm.load(address(channels), keccak256(abi.encode(channelId, slot))) == 0) ++slot;
    }

    function _see(uint256 salt) private {
        uint256 redeemed = channels.channelOf(_id(salt)).redeemed;
        if (redeemed > highest[salt % CHANNELS]) highest[salt % CHANNELS] = redeemed;
    }

    /// @dev Half of the channels expire; the salt says which.
    function _termsOf(uint256 salt) private view returns (IChannels.Terms memory terms) {
        terms = _terms(salt % CHANNELS);
        if (salt % 2 == 1) terms.expiresAt = uint64(START + 10 days);
    }

    function _id(uint256 salt) private view returns (bytes32) {
        return channels.channelIdOf(_termsOf(salt));
    }
}

contract ChannelsInvariantsTest {
    ChannelsActor private actor;

    function setUp() public {
        actor = new ChannelsActor();
        actor.setUp();
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(actor);
        targets[0].selectors = new bytes4[](9);
        targets[0].selectors[0] = actor.open.selector;
        targets[0].selectors[1] = actor.topUp.selector;
        targets[0].selectors[2] = actor.redeem.selector;
        targets[0].selectors[3] = actor.redeemMany.selector;
        targets[0].selectors[4] = actor.close.selector;
        targets[0].selectors[5] = actor.requestClose.selector;
        targets[0].selectors[6] = actor.completeClose.selector;
        targets[0].selectors[7] = actor.withdraw.selector;
        targets[0].selectors[8] = actor.passTime.selector;
    }

    function invariant_channels_hold_exactly_what_they_owe_and_never_go_back() public view {
        actor.check();
    }

    function test_the_invariant_sees_a_theft() public {
        actor.open(0, 5e6);
        actor.check();
        actor.plantTheft();
        vm.expectRevert(abi.encodeWithSelector(ChannelsActor.Insolvent.selector, 5e6, 5e6 + 1));
        actor.check();
    }

    function test_the_invariant_sees_a_channel_that_forgets_what_it_paid() public {
        actor.open(0, 5e6);
        actor.redeem(0, 2e6, false);
        actor.check();
        actor.plantForgetting(0);
        vm.expectRevert(abi.encodeWithSelector(ChannelsActor.WentBack.selector, 0, 2e6));
        actor.check();
    }
}
