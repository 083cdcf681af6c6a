// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrowFunding} from "../interfaces/IEscrowFunding.sol";
import {IValidationAnswers} from "../interfaces/IValidationAnswers.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title A named validator gave the result a high enough score
/// @notice The condition is `(address validator, uint8 minScore)`, the score out of 100 and at least 1. The evidence is
/// the `bytes32 salt` of the validation request, whose hash names this escrow and its result.
/// @dev The salt is free, because whoever comes first takes a request's hash in the registry: a stranger who takes one,
/// with another validator, stops nobody from asking under the next. What was not answered scores 0.
contract ValidatorAnswerVerifier is IVerifier {
    IValidationAnswers private immutable REGISTRY;

    constructor(IValidationAnswers answers) {
        REGISTRY = answers;
    }

    /// @inheritdoc IVerifier
    function verify(
        uint256 escrowId,
        IEscrowFunding.Terms calldata terms,
        bytes32 resultHash,
        bytes calldata evidence
    ) external view returns (bool) {
        (address validator, uint8 minScore) = abi.decode(terms.condition, (address, uint8));
        bytes32 requestHash =
            requestHashOf(msg.sender, escrowId, terms.taskHash, resultHash, abi.decode(evidence, (bytes32)));
        (address answerer,, uint8 score,,,) = REGISTRY.getValidationStatus(requestHash);
        return minScore != 0 && validator != address(0) && answerer == validator && score >= minScore;
    }

    /// @notice The hash to request a validation under.
    function requestHashOf(address escrow, uint256 escrowId, bytes32 taskHash, bytes32 resultHash, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, escrow, escrowId, taskHash, resultHash, salt));
    }

    /// @notice The registry it reads.
    function registry() external view returns (address) {
        return address(REGISTRY);
    }
}
