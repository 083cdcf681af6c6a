// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../../src/libraries/TypedData.sol";
import {Signatures} from "../../src/vault/Signatures.sol";

/// @title The vault's digests, laid open so that tests compare them with the protocol's
contract TypedDataHarness is Signatures {
    function order(TypedData.Order calldata message) external view returns (bytes32) {
        return _digest(TypedData.hashOrder(message));
    }

    function sessionKey(TypedData.SessionKey calldata message) external view returns (bytes32) {
        return _digest(TypedData.hashSessionKey(message));
    }

    function bidSheet(TypedData.BidSheet calldata message) external view returns (bytes32) {
        return _digest(TypedData.hashBidSheet(message));
    }

    function award(TypedData.Award calldata message) external view returns (bytes32) {
        return _digest(TypedData.hashAward(message));
    }

    function receipt(bytes32 awardHash, bytes32 resultHash) external view returns (bytes32) {
        return _digest(TypedData.hashReceipt(awardHash, resultHash));
    }

    function acceptance(bytes32 orderHash, bytes32 resultHash, uint256 price) external view returns (bytes32) {
        return _digest(TypedData.hashAcceptance(orderHash, resultHash, price));
    }

    function nodeConsent(address node, address provider, uint256 nonce, uint64 expiresAt)
        external
        view
        returns (bytes32)
    {
        return _digest(TypedData.hashNodeConsent(node, provider, nonce, expiresAt));
    }

    function bidLeaf(bytes32 orderHash, bytes32 agentVersion, uint256 ask, uint32 promisedSeconds)
        external
        pure
        returns (bytes32)
    {
        return TypedData.bidLeaf(orderHash, agentVersion, ask, promisedSeconds);
    }
}
