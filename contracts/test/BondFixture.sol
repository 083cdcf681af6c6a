// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OperatorBonds} from "../src/OperatorBonds.sol";
import {ICovers} from "../src/interfaces/ICovers.sol";
import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {Holds} from "../src/libraries/Holds.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {ClaimBatchFixture} from "./ClaimBatchFixture.sol";
import {vm} from "./Vm.sol";

/// @title A market whose operator has posted a bond
abstract contract BondFixture is ClaimBatchFixture {
    address internal constant EVERY_NODE = address(0);
    uint256 internal constant HELD = 100 * DOLLAR;

    OperatorBonds internal bonds;

    function setUp() public virtual override {
        super.setUp();
        bonds = new OperatorBonds(address(authority), address(vault));
    }

    function _post(address node, uint256 amount) internal {
        token.mint(address(this), amount);
        token.approve(address(bonds), amount);
        bonds.post(node, address(token), amount);
    }

    /// @dev Leaves the requester `amount` in the vault, and nothing waiting.
    function _leaveRequester(uint256 amount) internal {
        uint256 balance = _balance(REQUESTER);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), balance - amount);
        vm.warp(block.timestamp + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
    }

    /// @dev An order that outlasts the requester's withdrawals; its charge is 51 dollars.
    function _long(uint256 nonce) internal view returns (ISettlements.Settlement memory item) {
        item = _unsigned(nonce);
        item.order.settleBy = uint64(START + 1 days);
        return _sign(item);
    }

    function _longDelivered(uint256 nonce) internal view returns (ISettlements.Settlement memory item) {
        item = _long(nonce);
        item.acceptanceSignature = "";
    }

    function _cover(ISettlements.Settlement memory item) internal {
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        bonds.cover(item, HELD, signature);
    }

    function _holdSignature(uint256 key, ISettlements.Settlement memory item, uint256 held)
        internal
        view
        returns (bytes memory)
    {
        bytes32 orderHash = _orderHash(item.order);
        return _signWith(key, _digest(Holds.hash(item.order.requester, item.order.token, orderHash, held)));
    }

    /// @dev Posts claims on orders that outlast withdrawals, by their nonces from 1 on.
    function _postLong(uint256 count) internal returns (bytes32 root, IPostedClaims.PostedClaim[] memory claims) {
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](count);
        for (uint256 i = 0; i < count; ++i) items[i] = _claimItem(_longDelivered(i + 1));
        return (_post(items), _leaves(items));
    }

    function _posted(bytes32 root, IPostedClaims.PostedClaim[] memory claims, uint256 index)
        internal
        view
        returns (ICovers.PostedLeaf memory)
    {
        return ICovers.PostedLeaf(root, address(token), claims[index], _proofOf(claims, index));
    }

    function _staying(address node) internal view returns (uint256 staying) {
        (staying,,) = bonds.bondOf(node, address(token));
    }
}
