// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {IVerifier} from "../src/interfaces/IVerifier.sol";
import {NodeSignaturesVerifier} from "../src/verifiers/NodeSignaturesVerifier.sol";
import {ResultHashVerifier} from "../src/verifiers/ResultHashVerifier.sol";
import {ValidatorAnswerVerifier} from "../src/verifiers/ValidatorAnswerVerifier.sol";
import {EscrowFixture} from "./EscrowFixture.sol";
import {ValidationRegistryHarness} from "./harness/ValidationRegistryHarness.sol";
import {vm} from "./Vm.sol";

/// @dev Answers whatever it is told to, or misbehaves.
contract BadVerifier {
    enum Way {
        No,
        Revert,
        Burn,
        Reenter,
        Nonsense,
        TooMuch,
        Nothing
    }

    Way public way;

    function setWay(Way given) external {
        way = given;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        if (way == Way.No) return abi.encode(false);
        if (way == Way.Revert) revert();
        if (way == Way.Burn) while (true) {}
        if (way == Way.Reenter) {
            IEscrow(msg.sender).withdraw(address(0xB0B), address(this));
            return abi.encode(true);
        }
        if (way == Way.Nonsense) return abi.encode(uint256(2));
        if (way == Way.TooMuch) return new bytes(1_000_000);
        return "";
    }
}

contract VerifiersTest is EscrowFixture {
    uint256 private constant NODE_A_KEY = 0xA1;
    uint256 private constant NODE_B_KEY = 0xA2;
    uint256 private constant NODE_C_KEY = 0xA3;
    address private constant VALIDATOR = address(0x7A11DA7);

    ResultHashVerifier private resultHash;
    NodeSignaturesVerifier private nodeSignatures;
    ValidatorAnswerVerifier private validatorAnswer;
    ValidationRegistryHarness private registry;
    /// @dev Keys in the order of their addresses.
    uint256[3] private keys;

    function setUp() public override {
        super.setUp();
        resultHash = new ResultHashVerifier();
        nodeSignatures = new NodeSignaturesVerifier();
        registry = new ValidationRegistryHarness();
        validatorAnswer = new ValidatorAnswerVerifier(registry);
        keys = [NODE_A_KEY, NODE_B_KEY, NODE_C_KEY];
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                if (vm.addr(keys[j]) > vm.addr(keys[j + 1])) (keys[j], keys[j + 1]) = (keys[j + 1], keys[j]);
            }
        }
    }

    function _verifiedBy(address verifier, bytes memory condition) private returns (uint256 escrowId) {
        IEscrowFunding.Terms memory terms = _terms();
        (terms.verifier, terms.condition) = (verifier, condition);
        escrowId = _fund(terms);
        _deliver(escrowId);
    }

    function _expectNo(uint256 escrowId, address verifier, bytes memory evidence) private {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotVerified.selector, escrowId, verifier));
        escrow.verify(escrowId, evidence);
    }

    function _commitment(bytes32 expected) private view returns (bytes memory) {
        return abi.encode(resultHash.commitmentTo(TASK, expected));
    }

    function test_the_expected_result_releases_at_once() public {
        uint256 escrowId = _verifiedBy(address(resultHash), _commitment(RESULT));
        vm.expectEmit();
        emit IEscrow.Verified(escrowId, address(resultHash));
        vm.prank(STRANGER);
        escrow.verify(escrowId, "");
        vm.snapshotGasLastCall("verify, result hash");
        _requireState(escrowId, IEscrow.State.Released);
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
    }

    function test_another_result_than_the_expected_is_rejected() public {
        uint256 escrowId = _verifiedBy(address(resultHash), _commitment(keccak256("another")));
        _expectNo(escrowId, address(resultHash), "");
        _requireState(escrowId, IEscrow.State.Delivered);
        escrowId = _verifiedBy(address(resultHash), abi.encode(resultHash.commitmentTo(keccak256("other task"), RESULT)));
        _expectNo(escrowId, address(resultHash), "");
        escrowId = _verifiedBy(address(resultHash), "");
        _expectNo(escrowId, address(resultHash), abi.encode(RESULT));
    }

    function test_the_commitment_itself_does_not_deliver() public {
        IEscrowFunding.Terms memory terms = _terms();
        (terms.verifier, terms.condition) = (address(resultHash), _commitment(RESULT));
        uint256 escrowId = _fund(terms);
        vm.prank(PROVIDER);
        escrow.deliver(escrowId, abi.decode(terms.condition, (bytes32)));
        _expectNo(escrowId, address(resultHash), "");
    }

    function test_a_provider_delivers_and_is_paid_in_one_step_that_nobody_disputes_between() public {
        IEscrowFunding.Terms memory terms = _terms();
        (terms.verifier, terms.condition) = (address(resultHash), _commitment(RESULT));
        uint256 escrowId = _fund(terms);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyProvider.selector, STRANGER, PROVIDER));
        escrow.deliverVerified(escrowId, RESULT, "");
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotVerified.selector, escrowId, address(resultHash)));
        escrow.deliverVerified(escrowId, keccak256("another"), "");
        _requireState(escrowId, IEscrow.State.Funded);
        vm.prank(PROVIDER);
        escrow.deliverVerified(escrowId, RESULT, "");
        vm.snapshotGasLastCall("deliverVerified");
        _requireState(escrowId, IEscrow.State.Released);
    }

    function test_without_a_yes_the_requester_decides_as_ever() public {
        uint256 escrowId = _verifiedBy(address(resultHash), _commitment(keccak256("another")));
        vm.prank(REQUESTER);
        escrow.release(escrowId);
        escrowId = _verifiedBy(address(resultHash), _commitment(keccak256("another")));
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        escrowId = _verifiedBy(address(resultHash), _commitment(keccak256("another")));
        vm.warp(START + WINDOW);
        escrow.release(escrowId);
    }

    function test_a_dispute_stops_the_verifier() public {
        uint256 escrowId = _verifiedBy(address(resultHash), _commitment(RESULT));
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongState.selector, escrowId, IEscrow.State.Held));
        escrow.verify(escrowId, "");
    }

    function test_an_escrow_without_a_verifier_has_nobody_to_say_yes() public {
        uint256 escrowId = _verifiedBy(address(0), "");
        _expectNo(escrowId, address(0), "");
        escrowId = _verifiedBy(STRANGER, "");
        _expectNo(escrowId, STRANGER, "");
    }

    function _panel(uint256 threshold) private view returns (bytes memory) {
        address[] memory nodes = new address[](3);
        for (uint256 i = 0; i < 3; ++i) {
            nodes[i] = vm.addr(keys[i]);
        }
        return abi.encode(threshold, nodes);
    }

    function _attest(uint256 key, address verifying, uint256 escrowId, bytes32 result)
        private
        view
        returns (bytes memory)
    {
        bytes32 digest = nodeSignatures.attestationDigest(verifying, escrowId, TASK, result);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _attestation(uint256 key, uint256 escrowId) private view returns (bytes memory) {
        return _attest(key, address(escrow), escrowId, RESULT);
    }

    function _two(bytes memory first, bytes memory second) private pure returns (bytes memory) {
        bytes[] memory signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (first, second);
        return abi.encode(signatures);
    }

    function test_so_many_of_the_named_nodes_release() public {
        uint256 escrowId = _verifiedBy(address(nodeSignatures), _panel(2));
        escrow.verify(escrowId, _two(_attestation(keys[0], escrowId), _attestation(keys[2], escrowId)));
        vm.snapshotGasLastCall("verify, 2 of 3 node signatures");
        _requireState(escrowId, IEscrow.State.Released);
    }

    function test_too_few_or_repeated_or_unordered_signatures_are_rejected() public {
        address verifier = address(nodeSignatures);
        uint256 escrowId = _verifiedBy(verifier, _panel(2));
        bytes[] memory one = new bytes[](1);
        one[0] = _attestation(keys[0], escrowId);
        _expectNo(escrowId, verifier, abi.encode(one));
        _expectNo(escrowId, verifier, _two(one[0], one[0]));
        _expectNo(escrowId, verifier, _two(_attestation(keys[1], escrowId), one[0]));
        _expectNo(escrowId, verifier, _two(one[0], ""));
        _expectNo(escrowId, verifier, "");
    }

    function test_signatures_of_others_or_over_something_else_are_rejected() public {
        address verifier = address(nodeSignatures);
        uint256 escrowId = _verifiedBy(verifier, _panel(2));
        bytes memory good = _attestation(keys[0], escrowId);
        _expectNo(escrowId, verifier, _two(good, _attestation(0xBAD, escrowId)));
        _expectNo(escrowId, verifier, _two(good, _attestation(keys[1], escrowId + 1)));
        _expectNo(escrowId, verifier, _two(good, _attest(keys[1], STRANGER, escrowId, RESULT)));
        _expectNo(escrowId, verifier, _two(good, _attest(keys[1], address(escrow), escrowId, keccak256("another"))));
        vm.chainId(5);
        _expectNo(escrowId, verifier, _two(good, _attestation(keys[1], escrowId)));
    }

    function test_a_panel_named_badly_never_says_yes() public {
        address verifier = address(nodeSignatures);
        uint256 escrowId = _verifiedBy(verifier, _panel(0));
        _expectNo(escrowId, verifier, _two(_attestation(keys[0], escrowId), _attestation(keys[1], escrowId)));
        address[] memory twice = new address[](2);
        (twice[0], twice[1]) = (vm.addr(keys[0]), vm.addr(keys[0]));
        escrowId = _verifiedBy(verifier, abi.encode(2, twice));
        _expectNo(escrowId, verifier, _two(_attestation(keys[0], escrowId), _attestation(keys[0], escrowId)));
        address[] memory nobody = new address[](1);
        escrowId = _verifiedBy(verifier, abi.encode(1, nobody));
        bytes[] memory unreadable = new bytes[](1);
        _expectNo(escrowId, verifier, abi.encode(unreadable));
    }

    function _asked(uint256 escrowId, bytes32 result, bytes32 salt) private view returns (bytes32) {
        return validatorAnswer.requestHashOf(address(escrow), escrowId, TASK, result, salt);
    }

    function _answer(address validator, bytes32 requestHash, uint8 score) private {
        registry.validationRequest(validator, 1, "", requestHash);
        vm.prank(validator);
        registry.validationResponse(requestHash, score, "", 0, "");
    }

    function test_the_named_validators_answer_releases() public {
        uint256 escrowId = _verifiedBy(address(validatorAnswer), abi.encode(VALIDATOR, 80));
        _answer(VALIDATOR, _asked(escrowId, RESULT, "salt"), 80);
        escrow.verify(escrowId, abi.encode(bytes32("salt")));
        vm.snapshotGasLastCall("verify, validator answer");
        _requireState(escrowId, IEscrow.State.Released);
        assertTrue(validatorAnswer.registry() == address(registry));
    }

    function test_a_low_score_and_no_answer_are_rejected() public {
        address verifier = address(validatorAnswer);
        uint256 escrowId = _verifiedBy(verifier, abi.encode(VALIDATOR, 80));
        bytes memory salt = abi.encode(bytes32("salt"));
        _expectNo(escrowId, verifier, salt);
        bytes32 requestHash = _asked(escrowId, RESULT, "salt");
        registry.validationRequest(VALIDATOR, 1, "", requestHash);
        _expectNo(escrowId, verifier, salt);
        vm.prank(VALIDATOR);
        registry.validationResponse(requestHash, 79, "", 0, "");
        _expectNo(escrowId, verifier, salt);
    }

    function test_another_validators_answer_or_one_on_another_result_is_rejected() public {
        address verifier = address(validatorAnswer);
        uint256 escrowId = _verifiedBy(verifier, abi.encode(VALIDATOR, 80));
        _answer(STRANGER, _asked(escrowId, RESULT, "taken"), 100);
        _expectNo(escrowId, verifier, abi.encode(bytes32("taken")));
        _answer(VALIDATOR, _asked(escrowId, keccak256("another"), "other"), 100);
        _expectNo(escrowId, verifier, abi.encode(bytes32("other")));
        _answer(VALIDATOR, _asked(escrowId + 1, RESULT, "next"), 100);
        _expectNo(escrowId, verifier, abi.encode(bytes32("next")));
        // A stranger that takes one request's hash does not take the next.
        _answer(VALIDATOR, _asked(escrowId, RESULT, "salt"), 100);
        escrow.verify(escrowId, abi.encode(bytes32("salt")));
    }

    function test_a_minimum_of_nothing_is_no_condition() public {
        uint256 escrowId = _verifiedBy(address(validatorAnswer), abi.encode(VALIDATOR, 0));
        _answer(VALIDATOR, _asked(escrowId, RESULT, "salt"), 100);
        _expectNo(escrowId, address(validatorAnswer), abi.encode(bytes32("salt")));
        escrowId = _verifiedBy(address(validatorAnswer), abi.encode(address(0), 1));
        _expectNo(escrowId, address(validatorAnswer), abi.encode(bytes32("salt")));
    }

    function test_a_malicious_verifier_harms_only_the_escrow_that_named_it() public {
        BadVerifier bad = new BadVerifier();
        uint256 escrowId = _verifiedBy(address(bad), "");
        uint256 neighbour = _delivered();
        for (uint256 way = 0; way <= uint256(BadVerifier.Way.Nothing); ++way) {
            bad.setWay(BadVerifier.Way(way));
            (bool success,) = address(escrow).call{gas: 1_000_000}(abi.encodeCall(escrow.verify, (escrowId, "")));
            assertTrue(!success);
        }
        _requireState(escrowId, IEscrow.State.Delivered);
        _requireBalances(0, 0, 0);
        vm.warp(START + WINDOW);
        escrow.release(escrowId);
        escrow.release(neighbour);
        _requireBalances(2_000 * DOLLAR, 0, 40 * DOLLAR);
    }
}
