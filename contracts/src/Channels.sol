// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Credits} from "./credits/Credits.sol";
import {Governed} from "./governance/Governed.sol";
import {IChannels} from "./interfaces/IChannels.sol";
import {Vouchers} from "./libraries/Vouchers.sol";

/// @title Payment channels with cumulative vouchers
/// @dev Keys only, no ERC-1271: a contract could revoke its signature after the payee has worked for it. A payer that is
/// a contract names a key. Only what brings tokens in or out touches them, so that nothing a token does reaches a
/// redemption or a closing.
contract Channels is IChannels, Governed, Credits, EIP712, Multicall {
    /// @inheritdoc IChannels
    uint64 public constant MIN_CLOSE_DELAY = 15 minutes;
    /// @inheritdoc IChannels
    uint64 public constant MAX_CLOSE_DELAY = 30 days;

    mapping(bytes32 channelId => Channel) private _channels;

    constructor(address authority) Governed(authority) EIP712("Stoa", "1") {}

    /// @inheritdoc IChannels
    function open(Terms calldata terms, uint256 amount)
        external
        nonReentrant
        whenNotPaused
        returns (bytes32 channelId)
    {
        if (msg.sender != terms.payer) revert OnlyPayer(msg.sender, terms.payer);
        channelId = _admit(terms);
        _begin(channelId, terms, _pull(msg.sender, terms.token, amount));
    }

    /// @inheritdoc IChannels
    function openWithAuthorization(
        Terms calldata terms,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant whenNotPaused returns (bytes32 channelId) {
        channelId = _admit(terms);
        uint256 before = IERC20(terms.token).balanceOf(address(this));
        IERC3009(terms.token).receiveWithAuthorization(
            terms.payer, address(this), amount, validAfter, validBefore, channelId, v, r, s
        );
        uint256 received = IERC20(terms.token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
        _begin(channelId, terms, received);
    }

    /// @inheritdoc IChannels
    function topUp(bytes32 channelId, uint256 amount) external nonReentrant whenNotPaused {
        Channel storage channel = _channels[channelId];
        if (channel.state != ChannelState.Open) revert WrongState(channelId, channel.state);
        uint256 received = _pull(msg.sender, channel.token, amount);
        uint128 funds = SafeCast.toUint128(channel.funds + received);
        channel.funds = funds;
        emit ChannelToppedUp(channelId, received, funds);
    }

    /// @inheritdoc IChannels
    function redeem(bytes32 channelId, uint256 amount, bytes calldata signature) external {
        _redeem(channelId, _live(channelId), amount, signature);
    }

    /// @inheritdoc IChannels
    function redeemMany(Redemption[] calldata items) external {
        for (uint256 i = 0; i < items.length; ++i) {
            Redemption calldata item = items[i];
            try this.redeem(item.channelId, item.amount, item.signature) {}
            catch (bytes memory reason) {
                // Only running out of gas gives no reason: the item is not to blame, so the batch reverts.
                if (reason.length == 0) revert OutOfGas();
                emit RedemptionSkipped(item.channelId, msg.sender, reason);
            }
        }
    }

    /// @inheritdoc IChannels
    function close(bytes32 channelId, uint256 amount, bytes calldata signature) external {
        Channel storage channel = _live(channelId);
        if (msg.sender != channel.payee) revert OnlyPayee(msg.sender, channel.payee);
        if (amount != channel.redeemed) _redeem(channelId, channel, amount, signature);
        _close(channelId, channel);
    }

    /// @inheritdoc IChannels
    function requestClose(bytes32 channelId) external {
        Channel storage channel = _channels[channelId];
        if (channel.state != ChannelState.Open) revert WrongState(channelId, channel.state);
        if (msg.sender != channel.payer) revert OnlyPayer(msg.sender, channel.payer);
        uint64 closesAt = uint64(block.timestamp) + channel.closeDelay;
        channel.state = ChannelState.Closing;
        channel.closesAt = closesAt;
        emit CloseRequested(channelId, closesAt);
    }

    /// @inheritdoc IChannels
    function completeClose(bytes32 channelId) external {
        Channel storage channel = _live(channelId);
        (uint64 closesAt, uint64 expiresAt) = (channel.closesAt, channel.expiresAt);
        bool waited = closesAt != 0 && block.timestamp >= closesAt;
        bool expired = expiresAt != 0 && block.timestamp >= expiresAt;
        if (!waited && !expired) revert NotClosable(channelId, closesAt, expiresAt, block.timestamp);
        _close(channelId, channel);
    }

    /// @inheritdoc IChannels
    function channelIdOf(Terms calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), terms));
    }

    /// @inheritdoc IChannels
    function channelOf(bytes32 channelId) external view returns (Channel memory) {
        return _channels[channelId];
    }

    /// @inheritdoc IChannels
    function voucherDigest(bytes32 channelId, uint256 amount) public view returns (bytes32) {
        return _hashTypedDataV4(Vouchers.hash(channelId, amount));
    }

    /// @dev The number of the channel these terms may open.
    function _admit(Terms calldata terms) private view returns (bytes32 channelId) {
        if (terms.payee == address(0) || terms.signer == address(0)) revert ZeroAddress();
        if (terms.closeDelay < MIN_CLOSE_DELAY || terms.closeDelay > MAX_CLOSE_DELAY) {
            revert DelayOutOfRange(terms.closeDelay, MIN_CLOSE_DELAY, MAX_CLOSE_DELAY);
        }
        // An earlier end would take the payee's delay from it.
        uint256 earliest = block.timestamp + terms.closeDelay;
        if (terms.expiresAt != 0 && terms.expiresAt < earliest) revert ExpiresTooSoon(terms.expiresAt, earliest);
        channelId = channelIdOf(terms);
        if (_channels[channelId].state != ChannelState.None) revert ChannelExists(channelId);
    }

    function _begin(bytes32 channelId, Terms calldata terms, uint256 received) private {
        _channels[channelId] = Channel({
            payer: terms.payer,
            state: ChannelState.Open,
            closeDelay: terms.closeDelay,
            payee: terms.payee,
            expiresAt: terms.expiresAt,
            token: terms.token,
            closesAt: 0,
            signer: terms.signer,
            funds: SafeCast.toUint128(received),
            redeemed: 0
        });
        emit ChannelOpened(channelId, terms.payer, terms.payee, terms, received);
    }

    /// @dev A channel with money in it that vouchers still reach.
    function _live(bytes32 channelId) private view returns (Channel storage channel) {
        channel = _channels[channelId];
        ChannelState state = channel.state;
        if (state != ChannelState.Open && state != ChannelState.Closing) revert WrongState(channelId, state);
    }

    function _redeem(bytes32 channelId, Channel storage channel, uint256 amount, bytes calldata signature) private {
        (uint256 funds, uint256 redeemed) = (channel.funds, channel.redeemed);
        if (amount <= redeemed) revert NotHigher(channelId, amount, redeemed);
        if (amount > funds) revert OverFunds(channelId, amount, funds);
        (address actual,,) = ECDSA.tryRecoverCalldata(voucherDigest(channelId, amount), signature);
        // An unreadable signature recovers to zero, which is nobody's signer.
        if (actual != channel.signer) revert WrongSigner(channelId, channel.signer, actual);
        // Not over the funds, which fit.
        channel.redeemed = uint128(amount);
        address payee = channel.payee;
        _credit(payee, channel.token, amount - redeemed);
        emit VoucherRedeemed(channelId, payee, amount - redeemed, amount);
    }

    function _close(bytes32 channelId, Channel storage channel) private {
        (uint256 funds, uint256 redeemed) = (channel.funds, channel.redeemed);
        channel.state = ChannelState.Closed;
        _credit(channel.payer, channel.token, funds - redeemed);
        emit ChannelClosed(channelId, redeemed, funds - redeemed);
    }
}
