// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {IEntitlements} from "../interfaces/IEntitlements.sol";

/// @title The tokens of access: at most one of an agent for each holder, each with its expiry
abstract contract AccessTokens is IEntitlements, ERC1155 {
    uint64 internal constant FOR_EVER = type(uint64).max;

    mapping(uint256 agentId => Listing) internal _listings;
    mapping(address holder => mapping(uint256 agentId => Purchase)) internal _purchases;
    /// @dev Zero exactly where the holder has no token.
    mapping(address holder => mapping(uint256 agentId => uint64)) internal _expiry;

    constructor() ERC1155("") {}

    /// @inheritdoc IEntitlements
    function hasAccess(address account, uint256 agentId) external view returns (bool) {
        return block.timestamp < _expiry[account][agentId];
    }

    /// @inheritdoc IEntitlements
    function expiryOf(address account, uint256 agentId) external view returns (uint64) {
        return _expiry[account][agentId];
    }

    /// @inheritdoc IEntitlements
    function isFinal(address account, uint256 agentId) external view returns (bool) {
        return _expiry[account][agentId] != 0 && block.timestamp >= _purchases[account][agentId].refundableUntil;
    }

    /// @inheritdoc IEntitlements
    function listingOf(uint256 agentId) external view returns (Listing memory) {
        return _listings[agentId];
    }

    /// @inheritdoc IEntitlements
    function purchaseOf(address account, uint256 agentId) external view returns (Purchase memory) {
        return _purchases[account][agentId];
    }

    /// @notice The URI of an agent's token, as it was listed last.
    function uri(uint256 agentId) public view override returns (string memory) {
        return _listings[agentId].terms.uri;
    }

    /// @dev A token that changes hands takes its expiry along. It stays where it can still be refunded, or the buyer
    /// could sell it and be refunded too; and goes to nobody who has one, since there would be two expiries.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        bool moves = from != address(0) && to != address(0);
        for (uint256 i = 0; moves && i < ids.length; ++i) {
            if (values[i] != 0) _moveAccess(from, to, ids[i]);
        }
        super._update(from, to, ids, values);
    }

    function _mintOne(address holder, uint256 agentId) internal {
        Listing storage listing = _listings[agentId];
        if (listing.supply >= listing.terms.supplyCap) revert SoldOut(agentId, listing.terms.supplyCap);
        ++listing.supply;
        _mint(holder, agentId, 1, "");
    }

    function _remove(address holder, uint256 agentId) internal {
        --_listings[agentId].supply;
        _expiry[holder][agentId] = 0;
        _burn(holder, agentId, 1);
    }

    function _release(address holder, uint256 agentId) internal virtual;

    function _requireFinal(address holder, uint256 agentId) internal view {
        uint256 until = _purchases[holder][agentId].refundableUntil;
        if (block.timestamp < until) revert StillRefundable(agentId, holder, until, block.timestamp);
    }

    function _moveAccess(address from, address to, uint256 agentId) private {
        _requireFinal(from, agentId);
        if (_expiry[to][agentId] != 0) revert AlreadyHolds(agentId, to);
        _release(from, agentId);
        uint64 expiresAt = _expiry[from][agentId];
        _expiry[from][agentId] = 0;
        _expiry[to][agentId] = expiresAt;
        emit AccessMoved(agentId, from, to, expiresAt);
    }
}
