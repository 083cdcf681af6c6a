// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {OwnedAccount} from "./OwnedAccount.sol";

/// @title The factory of owned accounts
contract AccountFactory is IAccountFactory {
    address private immutable IMPLEMENTATION = address(new OwnedAccount());

    /// @inheritdoc IAccountFactory
    function createAccount(address owner, uint256 salt) external returns (address account) {
        account = accountOf(owner, salt);
        if (account.code.length != 0) return account;
        if (owner == address(0)) revert ZeroOwner();
        Clones.cloneDeterministicWithImmutableArgs(IMPLEMENTATION, abi.encode(owner), bytes32(salt));
        emit AccountCreated(account, owner, salt);
    }

    /// @inheritdoc IAccountFactory
    function accountOf(address owner, uint256 salt) public view returns (address account) {
        return Clones.predictDeterministicAddressWithImmutableArgs(IMPLEMENTATION, abi.encode(owner), bytes32(salt));
    }

    /// @inheritdoc IAccountFactory
    function implementation() external view returns (address) {
        return IMPLEMENTATION;
    }
}
