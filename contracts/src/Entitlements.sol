// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {AccessTokens} from "./entitlements/AccessTokens.sol";
import {SaleParameters} from "./entitlements/SaleParameters.sol";
import {IEntitlements} from "./interfaces/IEntitlements.sol";

/// @title The sale of access to agents
contract Entitlements is AccessTokens, SaleParameters, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC721 private immutable IDENTITY;

    mapping(address account => mapping(address token => uint256)) private _revenue;
    mapping(address holder => mapping(uint256 agentId => bool)) private _hasRefunded;

    constructor(address authority, address identity, uint16 feeBps, address feeRecipient, uint64 minimumRefundWindow)
        SaleParameters(authority, feeBps, feeRecipient, minimumRefundWindow)
    {
        if (identity == address(0)) revert ZeroAddress();
        IDENTITY = IERC721(identity);
    }

    /// @inheritdoc IEntitlements
    function list(uint256 agentId, Terms calldata terms) external {
        _requireAgentOwner(agentId);
        _checkTerms(terms);
        Listing storage listing = _listings[agentId];
        uint64 version = ++listing.version;
        listing.seller = msg.sender;
        listing.terms = terms;
        emit Listed(agentId, msg.sender, version, terms);
        emit URI(terms.uri, agentId);
    }

    /// @inheritdoc IEntitlements
    function unlist(uint256 agentId) external {
        _requireAgentOwner(agentId);
        Listing storage listing = _listings[agentId];
        if (listing.seller == address(0)) revert NotListed(agentId);
        uint64 version = ++listing.version;
        listing.seller = address(0);
        emit Unlisted(agentId, version);
    }

    /// @inheritdoc IEntitlements
    function buy(uint256 agentId, uint64 version) external nonReentrant whenNotPaused {
        _buy(agentId, version);
    }

    /// @inheritdoc IEntitlements
    function buyWithPermit(uint256 agentId, uint64 version, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
        whenNotPaused
    {
        Terms storage terms = _listings[agentId].terms;
        // Somebody else may have submitted the permit before: then the allowance is there.
        try IERC20Permit(terms.token).permit(msg.sender, address(this), terms.price, deadline, v, r, s) {} catch {}
        _buy(agentId, version);
    }

    /// @inheritdoc IEntitlements
    function refund(uint256 agentId, address to) external nonReentrant {
        if (to == address(0)) revert ZeroAddress();
        Purchase memory purchase = _purchases[msg.sender][agentId];
        if (block.timestamp >= purchase.refundableUntil) {
            revert NotRefundable(agentId, msg.sender, purchase.refundableUntil, block.timestamp);
        }
        delete _purchases[msg.sender][agentId];
        _hasRefunded[msg.sender][agentId] = true;
        if (purchase.expiryBefore > block.timestamp) _expiry[msg.sender][agentId] = purchase.expiryBefore;
        else _remove(msg.sender, agentId);
        emit Refunded(agentId, msg.sender, purchase.token, purchase.paid, _expiry[msg.sender][agentId]);
        IERC20(purchase.token).safeTransfer(to, purchase.paid);
    }

    /// @inheritdoc IEntitlements
    function waiveRefund(uint256 agentId) external {
        uint256 until = _purchases[msg.sender][agentId].refundableUntil;
        if (block.timestamp >= until) revert NotRefundable(agentId, msg.sender, until, block.timestamp);
        _release(msg.sender, agentId);
    }

    /// @inheritdoc IEntitlements
    function release(uint256 agentId, address holder) external {
        if (_purchases[holder][agentId].seller == address(0)) revert NothingToRelease(agentId, holder);
        _requireFinal(holder, agentId);
        _release(holder, agentId);
    }

    /// @inheritdoc IEntitlements
    function clearExpired(uint256 agentId, address holder) external {
        uint64 expiresAt = _expiry[holder][agentId];
        if (expiresAt == 0 || block.timestamp < expiresAt) revert NotExpired(agentId, holder, expiresAt);
        // A window is never longer than what was bought, so an expired purchase is final.
        _release(holder, agentId);
        _remove(holder, agentId);
        emit ExpiredCleared(agentId, holder);
    }

    /// @inheritdoc IEntitlements
    function withdrawRevenue(address token, address to) external nonReentrant {
        if (to == address(0)) revert ZeroAddress();
        uint256 amount = _revenue[msg.sender][token];
        if (amount == 0) revert ZeroAmount();
        _revenue[msg.sender][token] = 0;
        emit RevenueWithdrawn(msg.sender, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IEntitlements
    function revenueOf(address account, address token) external view returns (uint256) {
        return _revenue[account][token];
    }

    /// @dev Reads nothing of the holder's before the token was called: it may call back, and the holder's access change.
    function _buy(uint256 agentId, uint64 version) private {
        (address seller, Terms memory terms) = _offer(agentId, version);
        uint256 paid = _pull(terms.token, terms.price);
        _release(msg.sender, agentId);
        uint64 expiryBefore = _expiry[msg.sender][agentId];
        if (expiryBefore == FOR_EVER) revert AlreadyForEver(agentId, msg.sender);
        uint64 expiresAt = _extended(expiryBefore, terms.duration);
        bool isReturnable = !_hasRefunded[msg.sender][agentId];
        Purchase memory purchase = Purchase({
            seller: seller,
            refundableUntil: uint64(block.timestamp) + (isReturnable ? terms.refundWindow : 0),
            expiryBefore: expiryBefore,
            token: terms.token,
            paid: paid,
            fee: _feeOf(paid)
        });
        _purchases[msg.sender][agentId] = purchase;
        _expiry[msg.sender][agentId] = expiresAt;
        emit Purchased(
            agentId, msg.sender, seller, terms.token, paid, purchase.fee, expiresAt, purchase.refundableUntil
        );
        if (purchase.refundableUntil == block.timestamp) _release(msg.sender, agentId);
        if (expiryBefore == 0) _mintOne(msg.sender, agentId);
    }

    /// @dev Gives a purchase's money, if there is one, to seller and platform.
    function _release(address holder, uint256 agentId) internal override {
        Purchase memory purchase = _purchases[holder][agentId];
        if (purchase.seller == address(0)) return;
        delete _purchases[holder][agentId];
        uint256 revenue = purchase.paid - purchase.fee;
        _revenue[purchase.seller][purchase.token] += revenue;
        _revenue[_feeRecipient()][purchase.token] += purchase.fee;
        emit Released(agentId, holder, purchase.seller, purchase.token, revenue, purchase.fee);
    }

    /// @dev Returns what arrived: a token may take a fee of its own.
    function _pull(address token, uint256 amount) private returns (uint256 received) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
    }

    /// @dev The listing's terms, if they are those the buyer read and the agent is still the seller's.
    function _offer(uint256 agentId, uint64 version) private view returns (address seller, Terms memory terms) {
        Listing storage listing = _listings[agentId];
        seller = listing.seller;
        if (seller == address(0)) revert NotListed(agentId);
        if (listing.version != version) revert ListingChanged(agentId, version, listing.version);
        address owner = IDENTITY.ownerOf(agentId);
        if (seller != owner) revert SellerIsNotOwner(agentId, seller, owner);
        terms = listing.terms;
    }

    function _requireAgentOwner(uint256 agentId) private view {
        address owner = IDENTITY.ownerOf(agentId);
        if (msg.sender != owner) revert OnlyAgentOwner(agentId, msg.sender, owner);
    }

    /// @dev Adds to what is left; an expired or absent access begins now.
    function _extended(uint64 expiryBefore, uint64 duration) private view returns (uint64) {
        if (duration == 0) return FOR_EVER;
        uint64 nowAt = uint64(block.timestamp);
        return (expiryBefore > nowAt ? expiryBefore : nowAt) + duration;
    }
}
