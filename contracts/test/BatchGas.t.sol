// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {AcceptedFixture} from "./AcceptedFixture.sol";
import {vm} from "./Vm.sol";

/// @title What a settlement costs among a hundred, of a hundred requesters, nodes and creators
contract BatchGasTest is AcceptedFixture {
    uint256 private constant BATCH = 100;
    /// @dev As clients choose them: a word of random bits, its nonces one after the other.
    uint256 private constant WORD = uint256(0x9e3779b97f4a7c15f39cc0605cedc8) << 7;

    /// @dev All have settled before, in a transaction of its own: what the test touches is cold, and not zero.
    function setUp() public override {
        super.setUp();
        TypedData.AcceptedOrder[] memory items = _batch(0);
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
    }

    function test_a_hundred_accepted_orders_settle_in_one_transaction() public {
        TypedData.AcceptedOrder[] memory items = _batch(1);
        bytes memory data = abi.encodeCall(vault.settleAccepted, (address(token), items, bytes("")));
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
        uint256 gas = 21_000 + _calldataGas(data) + vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("each of a hundred, transaction and calldata included", gas / BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            assertTrue(vault.isSpent(vm.addr(_key("requester", i)), WORD + 1));
            assertEq(_balance(_someone("payout", i)), 90 * DOLLAR);
            assertEq(_balance(_someone("creator", i)), 10 * DOLLAR);
        }
    }

    function _batch(uint256 nonce) private returns (TypedData.AcceptedOrder[] memory items) {
        items = new TypedData.AcceptedOrder[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            ISettlements.Settlement memory long = _unsigned(WORD + nonce);
            long.order.requester = vm.addr(_key("requester", i));
            long.order.taskHash = keccak256(abi.encode("task", i));
            long.award.node = vm.addr(_key("node", i));
            long.award.payout = _someone("payout", i);
            long.award.creator = _someone("creator", i);
            long.award.orderHash = _orderHash(long.order);
            if (nonce == 0) _deposit(long.order.requester, 200 * DOLLAR);
            items[i] = _shortBy(long, _key("node", i), _key("requester", i));
        }
    }

    /// @dev EIP-2028: 16 for a byte that is not zero, 4 for one that is.
    function _calldataGas(bytes memory data) private pure returns (uint256 gas) {
        for (uint256 i = 0; i < data.length; ++i) gas += data[i] == 0 ? 4 : 16;
    }

    function _key(string memory role, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(role, i)));
    }

    function _someone(string memory role, uint256 i) private pure returns (address) {
        return address(uint160(_key(role, i)));
    }
}
