// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Access to agents, bought for a time or for good
/// @notice The owner of an agent lists what access to it costs; whoever buys holds one ERC-1155 token whose id is the
/// agent's number, with an expiry of its own. A purchase:
/// refundable → refunded; refundable → final, when its window has passed, its holder waives it, or buys again.
///
/// Money is held here while a purchase is refundable, and is the seller's (less the platform's fee) once it is final.
/// A refundable token stays with its buyer; a final one goes where its holder sends it, and takes its expiry along. An
/// account refunds an agent once: what it buys of it later is final at once, so that nobody uses one agent for ever
/// by buying and returning. Whoever serves a holder and fears a refund asks for a final purchase: `isFinal`.
///
/// Access bought from one owner of an agent is honoured when the agent has another: it belongs to the agent.
interface IEntitlements {
    struct Terms {
        address token;
        /// @dev Of one purchase, the fee included; above zero.
        uint256 price;
        /// @dev Seconds that a purchase adds, at most 36,500 days; 0 for access without an end.
        uint64 duration;
        /// @dev Seconds in which a purchase can be returned: from the governed minimum to MAX_REFUND_WINDOW, and not
        /// above the duration.
        uint64 refundWindow;
        /// @dev The most tokens at a time; expired ones count until they are cleared.
        uint64 supplyCap;
        /// @dev Of the token's metadata.
        string uri;
    }

    struct Listing {
        /// @dev The agent's owner when it was listed; zero while nothing is listed.
        address seller;
        /// @dev Grows with every change: a buyer names it, so that the terms cannot change under the purchase.
        uint64 version;
        /// @dev Tokens there are.
        uint64 supply;
        Terms terms;
    }

    /// @dev All zero when no purchase is refundable or waits to be released.
    struct Purchase {
        address seller;
        uint64 refundableUntil;
        /// @dev What access goes back to when the purchase is refunded; 0 for none.
        uint64 expiryBefore;
        address token;
        uint256 paid;
        /// @dev The part of `paid` that goes to the platform.
        uint256 fee;
    }

    event Listed(uint256 indexed agentId, address indexed seller, uint64 version, Terms terms);
    event Unlisted(uint256 indexed agentId, uint64 version);
    event Purchased(
        uint256 indexed agentId,
        address indexed holder,
        address indexed seller,
        address token,
        uint256 paid,
        uint256 fee,
        uint64 expiresAt,
        uint64 refundableUntil
    );
    event Refunded(uint256 indexed agentId, address indexed holder, address token, uint256 amount, uint64 expiresAt);
    /// @notice A purchase became final, and its money the seller's and the platform's.
    event Released(
        uint256 indexed agentId, address indexed holder, address indexed seller, address token, uint256 revenue, uint256 fee
    );
    /// @notice A token went to another holder.
    event AccessMoved(uint256 indexed agentId, address indexed from, address indexed to, uint64 expiresAt);
    event ExpiredCleared(uint256 indexed agentId, address indexed holder);
    event RevenueWithdrawn(address indexed account, address indexed token, address to, uint256 amount);
    event FeeChanged(uint16 feeBps);
    event FeeRecipientChanged(address feeRecipient);
    event MinimumRefundWindowChanged(uint64 seconds_);

    error ZeroAddress();
    error ZeroAmount();
    error ZeroPrice();
    error ZeroSupply();
    error DurationOverMaximum(uint64 duration, uint64 maximum);
    error FeeOverMaximum(uint16 feeBps, uint16 maximum);
    error RefundWindowOutOfBounds(uint64 refundWindow, uint64 minimum, uint64 maximum);
    error OnlyAgentOwner(uint256 agentId, address caller, address owner);
    error NotListed(uint256 agentId);
    error ListingChanged(uint256 agentId, uint64 expected, uint64 actual);
    /// @notice The agent was sold since: only its owner sells access.
    error SellerIsNotOwner(uint256 agentId, address seller, address owner);
    error SoldOut(uint256 agentId, uint64 supplyCap);
    error AlreadyForEver(uint256 agentId, address holder);
    error NotRefundable(uint256 agentId, address holder, uint256 refundableUntil, uint256 nowAt);
    error StillRefundable(uint256 agentId, address holder, uint256 refundableUntil, uint256 nowAt);
    error NothingToRelease(uint256 agentId, address holder);
    error AlreadyHolds(uint256 agentId, address account);
    error NotExpired(uint256 agentId, address holder, uint64 expiresAt);

    /// @notice Lists access to the caller's agent, or changes its terms for those who buy from now on.
    function list(uint256 agentId, Terms calldata terms) external;

    /// @notice Ends the sale; what was bought stays. For the agent's owner, who may differ from the seller.
    function unlist(uint256 agentId) external;

    /// @notice Buys access for the caller, or adds to what it has. An earlier purchase of the caller's becomes final.
    /// @param version The listing's, as the buyer read it.
    function buy(uint256 agentId, uint64 version) external;

    /// @notice The same with an EIP-2612 permit over the price; one that was used already does no harm.
    function buyWithPermit(uint256 agentId, uint64 version, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Returns the caller's refundable purchase for all that was paid, sent to `to`.
    function refund(uint256 agentId, address to) external;

    /// @notice Makes the caller's refundable purchase final before its time.
    function waiveRefund(uint256 agentId) external;

    /// @notice Makes final a purchase whose window has passed; anyone may call it.
    function release(uint256 agentId, address holder) external;

    /// @notice Removes a holder's expired token to make room under the cap; anyone may call it.
    function clearExpired(uint256 agentId, address holder) external;

    /// @notice Pays the caller's revenue in `token` out to `to`.
    function withdrawRevenue(address token, address to) external;

    /// @notice Sets the platform's part of purchases from now on; governed, at most MAX_FEE_BPS.
    function setFee(uint16 feeBps) external;

    /// @notice Sets who is credited fees from now on; governed.
    function setFeeRecipient(address feeRecipient) external;

    /// @notice Sets the shortest refund window of listings from now on; governed, at most MAX_REFUND_WINDOW.
    function setMinimumRefundWindow(uint64 seconds_) external;

    /// @notice Whether `account` has access to the agent at this moment.
    function hasAccess(address account, uint256 agentId) external view returns (bool);

    /// @notice The second in which the account's access ends, which may have passed; the largest number for access
    /// without an end, 0 for none.
    function expiryOf(address account, uint256 agentId) external view returns (uint64);

    /// @notice Whether the account's access cannot be returned for a refund any more.
    function isFinal(address account, uint256 agentId) external view returns (bool);

    /// @notice What is listed for an agent.
    function listingOf(uint256 agentId) external view returns (Listing memory);

    /// @notice The account's purchase whose money is still held.
    function purchaseOf(address account, uint256 agentId) external view returns (Purchase memory);

    /// @notice What an account can withdraw.
    function revenueOf(address account, address token) external view returns (uint256);

    /// @notice What governance set: the fee in basis points, its recipient and the shortest refund window in seconds.
    function parameters() external view returns (uint16 feeBps, address feeRecipient, uint64 minimumRefundWindow);

    function MAX_FEE_BPS() external view returns (uint16);

    function MAX_REFUND_WINDOW() external view returns (uint64);
}
