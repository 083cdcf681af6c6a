// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityRegistry} from "../src/agents/IdentityRegistry.sol";
import {ReputationRegistry} from "../src/agents/ReputationRegistry.sol";
import {ValidationRegistry} from "../src/agents/ValidationRegistry.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @title A market with the ERC-8004 registries beside it
abstract contract AgentFixture is MarketFixture {
    address internal constant OTHER = address(0x07E8);

    IdentityRegistry internal identity;
    ReputationRegistry internal reputation;
    ValidationRegistry internal validation;

    function setUp() public virtual override {
        super.setUp();
        identity = new IdentityRegistry();
        reputation = new ReputationRegistry(address(identity));
        validation = new ValidationRegistry(address(identity));
    }

    function _register(address owner) internal returns (uint256 agentId) {
        vm.prank(owner);
        return identity.register();
    }

    function _transfer(uint256 agentId, address from, address to) internal {
        vm.prank(from);
        identity.transferFrom(from, to, agentId);
    }

    function _one(address account) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    function _two(address first, address second) internal pure returns (address[] memory accounts) {
        accounts = new address[](2);
        (accounts[0], accounts[1]) = (first, second);
    }

    function assertEq(address actual, address expected) internal pure {
        assertEq(uint256(uint160(actual)), uint256(uint160(expected)));
    }

    function assertEq(bytes memory actual, bytes memory expected) internal pure {
        assertEq(uint256(keccak256(actual)), uint256(keccak256(expected)));
    }
}
