// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Payment channels
/// @notice A payer sets money aside for one payee and pays by signing vouchers off chain, each for the sum of all so far.
/// The payee redeems the newest when it likes.
///
/// none → open → closed, when the payee closes, or once the channel has expired;
/// open → closing → closed, when the payer asks and the channel's delay has passed.
/// Vouchers can be redeemed until the channel is closed; a closed channel's number is never used again.
interface IChannels {
    enum ChannelState {
        None,
        Open,
        Closing,
        Closed
    }

    /// @notice What a channel is for good; its number is the hash of this.
    struct Terms {
        address payer;
        address payee;
        address token;
        /// @dev The key that signs vouchers: the payer's own, or one it gives a program. Never a contract.
        address signer;
        /// @dev Seconds the payee has to redeem after the payer asked to close.
        uint64 closeDelay;
        /// @dev The second from which anyone may close the channel; 0 for never.
        uint64 expiresAt;
        /// @dev Tells channels of the same terms apart.
        bytes32 salt;
    }

    struct Channel {
        address payer;
        ChannelState state;
        uint64 closeDelay;
        address payee;
        uint64 expiresAt;
        address token;
        /// @dev The second from which a closing channel can be closed; 0 until the payer asks.
        uint64 closesAt;
        address signer;
        /// @dev All that was ever paid in.
        uint128 funds;
        /// @dev What of it the payee has had.
        uint128 redeemed;
    }

    struct Redemption {
        bytes32 channelId;
        uint256 amount;
        bytes signature;
    }

    event ChannelOpened(
        bytes32 indexed channelId, address indexed payer, address indexed payee, Terms terms, uint256 funds
    );
    event ChannelToppedUp(bytes32 indexed channelId, uint256 amount, uint256 funds);
    event VoucherRedeemed(bytes32 indexed channelId, address indexed payee, uint256 paid, uint256 redeemed);
    /// @notice An item of `submitter`'s batch was not redeemed; `reason` is the revert data `redeem` gave.
    event RedemptionSkipped(bytes32 indexed channelId, address indexed submitter, bytes reason);
    event CloseRequested(bytes32 indexed channelId, uint256 closesAt);
    event ChannelClosed(bytes32 indexed channelId, uint256 redeemed, uint256 returned);

    error OnlyPayer(address caller, address payer);
    error OnlyPayee(address caller, address payee);
    error DelayOutOfRange(uint64 closeDelay, uint64 minimum, uint64 maximum);
    error ExpiresTooSoon(uint64 expiresAt, uint256 earliest);
    error ChannelExists(bytes32 channelId);
    error WrongState(bytes32 channelId, ChannelState state);
    error NotHigher(bytes32 channelId, uint256 amount, uint256 redeemed);
    error OverFunds(bytes32 channelId, uint256 amount, uint256 funds);
    error WrongSigner(bytes32 channelId, address expected, address actual);
    error NotClosable(bytes32 channelId, uint256 closesAt, uint256 expiresAt, uint256 nowAt);
    error OutOfGas();

    /// @notice Opens the caller's channel with `amount` from its wallet.
    function open(Terms calldata terms, uint256 amount) external returns (bytes32 channelId);

    /// @notice Opens a channel from its payer's wallet by the payer's EIP-3009 signature, whose nonce is the channel's
    /// number: it holds for these terms alone. Anyone may submit it and pay the gas.
    function openWithAuthorization(
        Terms calldata terms,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (bytes32 channelId);

    /// @notice Adds `amount` from the caller's wallet to an open channel; it is the payer's when not redeemed.
    function topUp(bytes32 channelId, uint256 amount) external;

    /// @notice Credits the payee what a voucher is worth beyond what it has had; anyone may submit it.
    function redeem(bytes32 channelId, uint256 amount, bytes calldata signature) external;

    /// @notice Redeems one voucher of each channel, or skips it with `RedemptionSkipped`.
    function redeemMany(Redemption[] calldata items) external;

    /// @notice The payee closes at once, with its newest voucher; with what it has had when `amount` is no more.
    function close(bytes32 channelId, uint256 amount, bytes calldata signature) external;

    /// @notice The payer asks to close; the payee has the channel's delay to redeem.
    function requestClose(bytes32 channelId) external;

    /// @notice Closes a channel whose delay has passed or that has expired; anyone may call it.
    function completeClose(bytes32 channelId) external;

    /// @notice The number of a channel with these terms.
    function channelIdOf(Terms calldata terms) external view returns (bytes32);

    function channelOf(bytes32 channelId) external view returns (Channel memory);

    /// @notice The EIP-712 digest of a voucher.
    function voucherDigest(bytes32 channelId, uint256 amount) external view returns (bytes32);

    /// @notice The shortest and the longest delay a channel can have, in seconds.
    function MIN_CLOSE_DELAY() external view returns (uint64);
    function MAX_CLOSE_DELAY() external view returns (uint64);
}
