// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {HundredFixture} from "./HundredFixture.sol";
import {vm} from "./Vm.sol";

/// @title What a claim costs, posted and paid among a hundred, and alone
contract ClaimGasTest is HundredFixture {
    /// @dev All have settled before, in a transaction of its own: what the test touches is cold, and not zero.
    function setUp() public override {
        super.setUp();
        TypedData.AcceptedOrder[] memory items = new TypedData.AcceptedOrder[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            ISettlements.Settlement memory long = _longOf(i, 0);
            _deposit(long.order.requester, 200 * DOLLAR);
            items[i] = _shortBy(long, _key("node", i), _key("requester", i));
        }
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
    }

    function _hundred() private view returns (TypedData.ClaimedOrder[] memory items) {
        items = new TypedData.ClaimedOrder[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            items[i] = _claimedBy(_longOf(i, 1), _key("node", i), _key("requester", i));
            // The operator posts them, so its signatures are not shown.
            (items[i].operatorR, items[i].operatorVs) = (0, 0);
        }
    }

    function test_a_hundred_claims_are_posted_in_one_transaction() public {
        TypedData.ClaimedOrder[] memory items = _hundred();
        bytes memory data = abi.encodeCall(batches.post, (address(vault), address(token), items));
        vm.prank(OPERATOR);
        batches.post(address(vault), address(token), items);
        vm.snapshotValue("posting each of a hundred, transaction and calldata included", _gasOf(data) / BATCH);
    }

    /// @dev Of a run of its own, for what it touches must be cold.
    function test_a_hundred_claims_are_paid_in_one_transaction() public {
        TypedData.ClaimedOrder[] memory items = _hundred();
        bytes32 root = _post(items);
        IPostedClaims.PostedClaim[] memory claims = _leaves(items);
        vm.warp(START + CHALLENGE_WINDOW);
        bytes32[] memory none = new bytes32[](0);
        bool[] memory flags = _allOf(BATCH);
        vm.cool(address(vault));
        vm.cool(address(batches));
        bytes memory data =
            abi.encodeCall(batches.settle, (root, address(vault), address(token), claims, none, flags));
        batches.settle(root, address(vault), address(token), claims, none, flags);
        vm.snapshotValue("paying each of a hundred, transaction and calldata included", _gasOf(data) / BATCH);
        for (uint256 i = 0; i < BATCH; ++i) assertEq(_balance(_someone("payout", i)), 90 * DOLLAR);
    }

    function test_a_claim_alone_is_claimed_and_paid_in_two_transactions() public {
        _settle(_short(_accepted(0)));
        ISettlements.Settlement memory item = _delivered(1);
        bytes memory data = abi.encodeCall(vault.claimOne, (item));
        vm.cool(address(vault));
        vault.claimOne(item);
        uint256 gas = _gasOf(data);
        vm.warp(START + CHALLENGE_WINDOW);
        vm.cool(address(vault));
        data = abi.encodeCall(vault.settleOne, (item));
        vault.settleOne(item);
        vm.snapshotValue("claimed alone and paid, transactions and calldata included", gas + _gasOf(data));
    }
}
