// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IValidationRegistry} from "../src/interfaces/IValidationRegistry.sol";
import {ValidationRegistry} from "../src/agents/ValidationRegistry.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

contract ValidationRegistryTest is AgentFixture {
    address private constant VALIDATOR = address(0x7A11);
    bytes32 private constant REQUEST = keccak256("request");

    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        agentId = _register(CREATOR);
    }

    function _request(address validator, bytes32 requestHash) private {
        vm.prank(CREATOR);
        validation.validationRequest(validator, agentId, "ipfs://work", requestHash);
    }

    function _respond(address validator, bytes32 requestHash, uint8 response, string memory tag) private {
        vm.prank(validator);
        validation.validationResponse(requestHash, response, "ipfs://audit", bytes32("audit"), tag);
    }

    function _requireSummary(address[] memory validators, string memory tag, uint64 count, uint8 mean) private view {
        (uint64 found, uint8 average) = validation.getSummary(agentId, validators, tag);
        assertEq(found, count);
        assertEq(average, mean);
    }

    function test_a_validator_answers_what_the_agent_asked_it() public {
        vm.expectEmit();
        emit IValidationRegistry.ValidationRequest(VALIDATOR, agentId, "ipfs://work", REQUEST);
        _request(VALIDATOR, REQUEST);
        vm.snapshotGasLastCall("validationRequest");
        address[] memory anyone;
        _requireSummary(anyone, "", 0, 0);
        vm.warp(START + 9);
        vm.expectEmit();
        emit IValidationRegistry.ValidationResponse(
            VALIDATOR, agentId, REQUEST, 80, "ipfs://audit", bytes32("audit"), "tee"
        );
        _respond(VALIDATOR, REQUEST, 80, "tee");
        vm.snapshotGasLastCall("validationResponse, tagged");
        (address validator, uint256 agent, uint8 response, bytes32 responseHash, string memory tag, uint256 updated) =
            validation.getValidationStatus(REQUEST);
        assertEq(validator, VALIDATOR);
        assertTrue(agent == agentId && response == 80 && responseHash == bytes32("audit") && updated == START + 9);
        assertEq(bytes(tag), "tee");
    }

    function test_only_the_agents_owner_and_operators_ask() public {
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.NotTheAgents.selector, agentId, STRANGER));
        vm.prank(STRANGER);
        validation.validationRequest(VALIDATOR, agentId, "", REQUEST);
        vm.prank(CREATOR);
        identity.approve(OTHER, agentId);
        vm.prank(OTHER);
        validation.validationRequest(VALIDATOR, agentId, "", REQUEST);
        vm.expectRevert(IValidationRegistry.ZeroValidator.selector);
        _request(address(0), keccak256("other"));
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.AlreadyRequested.selector, REQUEST));
        _request(OTHER, REQUEST);
    }

    function test_only_the_validator_asked_answers_and_from_0_to_100() public {
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.UnknownRequest.selector, REQUEST));
        _respond(VALIDATOR, REQUEST, 1, "");
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.UnknownRequest.selector, REQUEST));
        validation.getValidationStatus(REQUEST);
        _request(VALIDATOR, REQUEST);
        vm.expectRevert(
            abi.encodeWithSelector(IValidationRegistry.OnlyValidator.selector, CREATOR, VALIDATOR)
        );
        _respond(CREATOR, REQUEST, 100, "");
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.ResponseOverMaximum.selector, 101, 100));
        _respond(VALIDATOR, REQUEST, 101, "");
    }

    function test_a_later_answer_takes_the_place_of_an_earlier() public {
        _request(VALIDATOR, REQUEST);
        _respond(VALIDATOR, REQUEST, 40, "soft");
        _respond(VALIDATOR, REQUEST, 90, "hard");
        _requireSummary(_one(VALIDATOR), "", 1, 90);
        _requireSummary(_one(VALIDATOR), "soft", 0, 0);
        _requireSummary(_one(VALIDATOR), "hard", 1, 90);
        _respond(VALIDATOR, REQUEST, 0, "");
        _respond(VALIDATOR, REQUEST, 7, "");
        _requireSummary(_one(VALIDATOR), "", 1, 7);
        _requireSummary(_one(VALIDATOR), "hard", 0, 0);
    }

    function test_a_summary_is_of_the_validators_and_the_tag_asked_for() public {
        bytes32[] memory requests = new bytes32[](4);
        for (uint256 i = 0; i < 4; ++i) {
            requests[i] = keccak256(abi.encode(i));
            _request(i < 2 ? VALIDATOR : OTHER, requests[i]);
        }
        _respond(VALIDATOR, requests[0], 100, "tee");
        _respond(VALIDATOR, requests[1], 51, "");
        _respond(OTHER, requests[2], 0, "tee");
        address[] memory anyone;
        _requireSummary(anyone, "", 3, 50);
        _requireSummary(anyone, "tee", 2, 50);
        _requireSummary(_one(VALIDATOR), "", 2, 75);
        _requireSummary(_one(VALIDATOR), "tee", 1, 100);
        _requireSummary(_two(VALIDATOR, OTHER), "", 3, 50);
        // Zero stands for everybody inside, and for nobody in a list.
        _requireSummary(_one(address(0)), "", 0, 0);
        assertEq(abi.encode(validation.getAgentValidations(agentId)), abi.encode(requests));
        bytes32[] memory others = validation.getValidatorRequests(OTHER);
        assertTrue(others.length == 2 && others[0] == requests[2] && others[1] == requests[3]);
        others = validation.validatorRequestsBetween(OTHER, 1, 2);
        assertTrue(others.length == 1 && others[0] == requests[3]);
        others = validation.agentValidationsBetween(agentId, 0, 1);
        assertTrue(others.length == 1 && others[0] == requests[0]);
    }

    function test_a_registry_of_validations_needs_one_of_agents() public {
        vm.expectRevert(IValidationRegistry.ZeroRegistry.selector);
        new ValidationRegistry(address(0));
    }

    /// @dev However often answers change, the sums kept say what the newest of each say.
    function testFuzz_a_summary_is_the_mean_of_the_newest_answers(uint8[8] calldata answers, uint8 tags) public {
        uint256[2] memory newest;
        for (uint256 i = 0; i < 2; ++i) _request(VALIDATOR, bytes32(i + 1));
        for (uint256 i = 0; i < 8; ++i) {
            uint8 answer = answers[i] % 101;
            _respond(VALIDATOR, bytes32(i % 2 + 1), answer, (tags >> i) & 1 == 1 ? "tee" : "");
            newest[i % 2] = answer;
        }
        _requireSummary(_one(VALIDATOR), "", 2, uint8((newest[0] + newest[1]) / 2));
    }
}
