// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {HundredFixture} from "./HundredFixture.sol";
import {vm} from "./Vm.sol";

/// @title What a settlement costs among a hundred, of a hundred requesters, nodes and creators
contract BatchGasTest is HundredFixture {
    uint256 private constant MOST = 40_000;
    /// @dev EIP-2930.
    uint256 private constant LISTED_ADDRESS = 2_400;
    uint256 private constant LISTED_SLOT = 1_900;

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
        uint256 gas = _gasOf(data);
        vm.snapshotValue("each of a hundred, transaction and calldata included", gas / BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            assertTrue(vault.isSpent(vm.addr(_key("requester", i)), WORD + 1));
            assertEq(_balance(_someone("payout", i)), 90 * DOLLAR);
            assertEq(_balance(_someone("creator", i)), 10 * DOLLAR);
        }
    }

    function test_with_an_access_list_each_of_a_hundred_costs_no_more_than_forty_thousand() public {
        TypedData.AcceptedOrder[] memory items = _batch(1);
        bytes memory data = abi.encodeCall(vault.settleAccepted, (address(token), items, bytes("")));
        // Reading a slot warms it, as naming it does.
        for (uint256 i = 0; i < BATCH; ++i) {
            vault.isSpent(items[i].requester, items[i].nonce);
            _balance(items[i].requester);
            _balance(items[i].payout);
            _balance(items[i].creator);
        }
        _balance(FEES);
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
        uint256 gas = _gasOf(data) + LISTED_ADDRESS + (4 * BATCH + 1) * LISTED_SLOT;
        vm.snapshotValue("each of a hundred, with an access list and all it costs", gas / BATCH);
        assertTrue(gas / BATCH <= MOST);
    }

    function _batch(uint256 nonce) private returns (TypedData.AcceptedOrder[] memory items) {
        items = new TypedData.AcceptedOrder[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            ISettlements.Settlement memory long = _longOf(i, nonce);
            if (nonce == 0) _deposit(long.order.requester, 200 * DOLLAR);
            items[i] = _shortBy(long, _key("node", i), _key("requester", i));
        }
    }
}
