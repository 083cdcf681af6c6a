// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../src/interfaces/IIdentityRegistry.sol";
import {IReputationRegistry} from "../src/interfaces/IReputationRegistry.sol";
import {IValidationRegistry} from "../src/interfaces/IValidationRegistry.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

/// @dev What other programs rely on: the signatures of ERC-8004, spelt out.
contract Erc8004Test is AgentFixture {
    error OtherSelector(string signature, bytes4 actual);
    error OtherTopic(string signature, bytes32 actual);

    function _selector(bytes4 actual, string memory signature) private pure {
        if (actual != bytes4(keccak256(bytes(signature)))) revert OtherSelector(signature, actual);
    }

    function _topic(bytes32 actual, string memory signature) private pure {
        if (actual != keccak256(bytes(signature))) revert OtherTopic(signature, actual);
    }

    function test_the_identity_registry_has_the_functions_of_erc_8004() public {
        _selector(IIdentityRegistry.setAgentURI.selector, "setAgentURI(uint256,string)");
        _selector(IIdentityRegistry.getMetadata.selector, "getMetadata(uint256,string)");
        _selector(IIdentityRegistry.setMetadata.selector, "setMetadata(uint256,string,bytes)");
        _selector(IIdentityRegistry.setAgentWallet.selector, "setAgentWallet(uint256,address,uint256,bytes)");
        _selector(IIdentityRegistry.getAgentWallet.selector, "getAgentWallet(uint256)");
        _selector(IIdentityRegistry.unsetAgentWallet.selector, "unsetAgentWallet(uint256)");
        // An overloaded function has no selector by name: what is called by it answers.
        IIdentityRegistry.MetadataEntry[] memory none = new IIdentityRegistry.MetadataEntry[](0);
        bytes[3] memory calls = [
            abi.encodeWithSignature("register()"),
            abi.encodeWithSignature("register(string)", "ipfs://agent"),
            abi.encodeWithSignature("register(string,(string,bytes)[])", "ipfs://agent", none)
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(OTHER);
            (bool done, bytes memory agentId) = address(identity).call(calls[i]);
            assertTrue(done);
            assertEq(abi.decode(agentId, (uint256)), i + 1);
        }
    }

    function test_the_reputation_registry_has_the_functions_of_erc_8004() public pure {
        _selector(
            IReputationRegistry.giveFeedback.selector,
            "giveFeedback(uint256,int128,uint8,string,string,string,string,bytes32)"
        );
        _selector(IReputationRegistry.revokeFeedback.selector, "revokeFeedback(uint256,uint64)");
        _selector(
            IReputationRegistry.appendResponse.selector, "appendResponse(uint256,address,uint64,string,bytes32)"
        );
        _selector(IReputationRegistry.getSummary.selector, "getSummary(uint256,address[],string,string)");
        _selector(IReputationRegistry.readFeedback.selector, "readFeedback(uint256,address,uint64)");
        _selector(
            IReputationRegistry.readAllFeedback.selector, "readAllFeedback(uint256,address[],string,string,bool)"
        );
        _selector(
            IReputationRegistry.getResponseCount.selector, "getResponseCount(uint256,address,uint64,address[])"
        );
        _selector(IReputationRegistry.getClients.selector, "getClients(uint256)");
        _selector(IReputationRegistry.getLastIndex.selector, "getLastIndex(uint256,address)");
        _selector(IReputationRegistry.initialize.selector, "initialize(address)");
        _selector(IReputationRegistry.getIdentityRegistry.selector, "getIdentityRegistry()");
    }

    function test_the_validation_registry_has_the_functions_of_erc_8004() public pure {
        _selector(
            IValidationRegistry.validationRequest.selector, "validationRequest(address,uint256,string,bytes32)"
        );
        _selector(
            IValidationRegistry.validationResponse.selector, "validationResponse(bytes32,uint8,string,bytes32,string)"
        );
        _selector(IValidationRegistry.getValidationStatus.selector, "getValidationStatus(bytes32)");
        _selector(IValidationRegistry.getSummary.selector, "getSummary(uint256,address[],string)");
        _selector(IValidationRegistry.getAgentValidations.selector, "getAgentValidations(uint256)");
        _selector(IValidationRegistry.getValidatorRequests.selector, "getValidatorRequests(address)");
        _selector(IValidationRegistry.initialize.selector, "initialize(address)");
        _selector(IValidationRegistry.getIdentityRegistry.selector, "getIdentityRegistry()");
    }

    function test_the_events_are_those_of_erc_8004() public pure {
        _topic(IIdentityRegistry.Registered.selector, "Registered(uint256,string,address)");
        _topic(IIdentityRegistry.MetadataSet.selector, "MetadataSet(uint256,string,string,bytes)");
        _topic(IIdentityRegistry.URIUpdated.selector, "URIUpdated(uint256,string,address)");
        _topic(
            IReputationRegistry.NewFeedback.selector,
            "NewFeedback(uint256,address,uint64,int128,uint8,string,string,string,string,string,bytes32)"
        );
        _topic(IReputationRegistry.FeedbackRevoked.selector, "FeedbackRevoked(uint256,address,uint64)");
        _topic(
            IReputationRegistry.ResponseAppended.selector,
            "ResponseAppended(uint256,address,uint64,address,string,bytes32)"
        );
        _topic(IValidationRegistry.ValidationRequest.selector, "ValidationRequest(address,uint256,string,bytes32)");
        _topic(
            IValidationRegistry.ValidationResponse.selector,
            "ValidationResponse(address,uint256,bytes32,uint8,string,bytes32,string)"
        );
    }

    function test_the_signing_domain_is_that_of_erc_8004() public view {
        (, string memory name, string memory version, uint256 chainId, address verifyingContract,,) =
            identity.eip712Domain();
        assertEq(bytes(name), "ERC8004IdentityRegistry");
        assertEq(bytes(version), "1");
        assertEq(chainId, block.chainid);
        assertEq(verifyingContract, address(identity));
    }

    function test_the_registry_of_agents_is_set_once_by_the_constructor() public {
        assertEq(reputation.getIdentityRegistry(), address(identity));
        assertEq(validation.getIdentityRegistry(), address(identity));
        vm.expectRevert(
            abi.encodeWithSelector(IReputationRegistry.AlreadyInitialized.selector, address(identity))
        );
        reputation.initialize(OTHER);
        vm.expectRevert(
            abi.encodeWithSelector(IValidationRegistry.AlreadyInitialized.selector, address(identity))
        );
        validation.initialize(OTHER);
    }
}
