// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Channels} from "../src/Channels.sol";
import {TestDollar} from "../src/TestDollar.sol";
import {IChannels} from "../src/interfaces/IChannels.sol";
import {vm} from "./Vm.sol";

/// @title Channels from one payer to one payee
abstract contract ChannelsFixture {
    uint256 internal constant DOLLAR = 1e6;
    uint256 internal constant START = 1_800_000_000;
    uint64 internal constant CLOSE_DELAY = 1 days;
    uint256 internal constant PAYER_KEY = 0x0B;
    uint256 internal constant SIGNER_KEY = 0x0D;

    address internal immutable PAYER = vm.addr(PAYER_KEY);
    address internal immutable SIGNER = vm.addr(SIGNER_KEY);
    address internal constant PAYEE = address(0x9A1);
    address internal constant STRANGER = address(0x5798);

    Channels internal channels;
    TestDollar internal token;

    error Unequal(uint256 actual, uint256 expected);

    function setUp() public virtual {
        vm.warp(START);
        token = new TestDollar();
        channels = new Channels(address(new AccessManager(address(this))));
        token.mint(PAYER, 1_000 * DOLLAR);
        vm.prank(PAYER);
        token.approve(address(channels), type(uint256).max);
    }

    function _terms(uint256 salt) internal view returns (IChannels.Terms memory) {
        return IChannels.Terms({
            payer: PAYER,
            payee: PAYEE,
            token: address(token),
            signer: SIGNER,
            closeDelay: CLOSE_DELAY,
            expiresAt: 0,
            salt: bytes32(salt)
        });
    }

    function _open(uint256 salt, uint256 amount) internal returns (bytes32 channelId) {
        IChannels.Terms memory terms = _terms(salt);
        vm.prank(PAYER);
        return channels.open(terms, amount);
    }

    function _voucher(bytes32 channelId, uint256 amount) internal view returns (bytes memory) {
        return _sign(SIGNER_KEY, channels.voucherDigest(channelId, amount));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _redeem(bytes32 channelId, uint256 amount) internal {
        channels.redeem(channelId, amount, _voucher(channelId, amount));
    }

    function _due(address owner) internal view returns (uint256) {
        return channels.dueTo(owner, address(token));
    }

    function _state(bytes32 channelId) internal view returns (uint256) {
        return uint256(channels.channelOf(channelId).state);
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Unequal(actual, expected);
    }

    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
