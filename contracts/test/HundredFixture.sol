// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {ClaimBatchFixture} from "./ClaimBatchFixture.sol";
import {vm} from "./Vm.sol";

/// @title A hundred orders of a hundred requesters, nodes and creators, and what a transaction with them costs
abstract contract HundredFixture is ClaimBatchFixture {
    uint256 internal constant BATCH = 100;
    /// @dev As clients choose them: a word of random bits, its nonces one after the other.
    uint256 internal constant WORD = uint256(0x9e3779b97f4a7c15f39cc0605cedc8) << 7;

    function _longOf(uint256 i, uint256 nonce) internal view returns (ISettlements.Settlement memory long) {
        long = _unsigned(WORD + nonce);
        long.order.requester = vm.addr(_key("requester", i));
        long.order.taskHash = keccak256(abi.encode("task", i));
        long.award.node = vm.addr(_key("node", i));
        long.award.payout = _someone("payout", i);
        long.award.creator = _someone("creator", i);
        long.award.orderHash = _orderHash(long.order);
    }

    /// @dev Of the call just made, with what its transaction costs.
    function _gasOf(bytes memory data) internal returns (uint256) {
        return 21_000 + _calldataGas(data) + vm.lastCallGas().gasTotalUsed;
    }

    /// @dev EIP-2028: 16 for a byte that is not zero, 4 for one that is.
    function _calldataGas(bytes memory data) private pure returns (uint256 gas) {
        for (uint256 i = 0; i < data.length; ++i) gas += data[i] == 0 ? 4 : 16;
    }

    function _key(string memory role, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(role, i)));
    }

    function _someone(string memory role, uint256 i) internal pure returns (address) {
        return address(uint160(_key(role, i)));
    }
}
