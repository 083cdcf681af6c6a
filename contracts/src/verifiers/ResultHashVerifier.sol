// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrowFunding} from "../interfaces/IEscrowFunding.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title The result is the one the requester expects
/// @notice For work whose result is known to whoever pays: a reproducible build, a canary. The condition is a commitment
/// to the expected hash, so that reading it does not give the hash away; the evidence is not looked at.
/// @dev A result out of few can be found by trying them all, which no commitment without a secret prevents.
contract ResultHashVerifier is IVerifier {
    /// @inheritdoc IVerifier
    function verify(uint256, IEscrowFunding.Terms calldata terms, bytes32 resultHash, bytes calldata)
        external
        pure
        returns (bool)
    {
        return abi.decode(terms.condition, (bytes32)) == commitmentTo(terms.taskHash, resultHash);
    }

    /// @notice What `terms.condition` holds when `resultHash` is expected of the task.
    function commitmentTo(bytes32 taskHash, bytes32 resultHash) public pure returns (bytes32) {
        return keccak256(abi.encode(taskHash, resultHash));
    }
}
