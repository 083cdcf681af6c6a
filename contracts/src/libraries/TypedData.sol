// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The market's signed messages
/// @notice EIP-712 structs and their hashes; field for field what `packages/protocol` signs off chain.
/// @dev A struct of value types ABI-encodes to exactly its EIP-712 `encodeData`, so one `abi.encode` hashes it.
library TypedData {
    /// @notice What a requester signs: pay at most `maxPrice`, fee included, for this task under this operator.
    struct Order {
        address requester;
        address operator;
        address token;
        bytes32 taskHash;
        uint256 maxPrice;
        uint16 feeCapBps;
        uint256 royaltyCap;
        uint64 deliverBy;
        uint64 settleBy;
        uint256 nonce;
        bytes32 resultKey;
    }

    /// @notice What a wallet signs once so that a program's key may order in its name, within limits.
    struct SessionKey {
        address wallet;
        address key;
        address token;
        uint256 maxPerOrder;
        uint256 maxTotal;
        uint64 expiresAt;
        uint256 nonce;
    }

    /// @notice What a node signs once per round, over all its answers.
    struct BidSheet {
        bytes32 roundId;
        address node;
        uint32 slots;
        uint256 bond;
        bytes32 answersRoot;
        uint64 expiresAt;
    }

    /// @notice What operator and node both sign: this node does this order at this price.
    struct Award {
        bytes32 orderHash;
        bytes32 roundHash;
        address node;
        address payout;
        address creator;
        uint256 price;
        uint256 royalty;
    }

    /// @notice An accepted order in short: without operator and token, which are its batch's, and without the order's
    /// hash, which follows; signatures in the short form of EIP-2098.
    struct AcceptedOrder {
        // The order's, from `taskHash` on in its order.
        address requester;
        bytes32 taskHash;
        uint256 maxPrice;
        uint16 feeCapBps;
        uint256 royaltyCap;
        uint64 deliverBy;
        uint64 settleBy;
        uint256 nonce;
        bytes32 resultKey;
        // The award's, in its order.
        bytes32 roundHash;
        address node;
        address payout;
        address creator;
        uint256 price;
        uint256 royalty;
        bytes32 resultHash;
        bytes32 receiptR;
        bytes32 receiptVs;
        // The requester's word: its acceptance; of a claim, its order.
        bytes32 requesterR;
        bytes32 requesterVs;
    }

    /// @notice A delivered order nobody accepted, in short.
    struct ClaimedOrder {
        AcceptedOrder order;
        // The operator's signature of the award; not read when the operator posts the claim itself.
        bytes32 operatorR;
        bytes32 operatorVs;
    }

    bytes32 internal constant ORDER_TYPEHASH = keccak256(
        "Order(address requester,address operator,address token,bytes32 taskHash,uint256 maxPrice,uint16 feeCapBps,uint256 royaltyCap,uint64 deliverBy,uint64 settleBy,uint256 nonce,bytes32 resultKey)"
    );
    bytes32 internal constant SESSION_KEY_TYPEHASH = keccak256(
        "SessionKey(address wallet,address key,address token,uint256 maxPerOrder,uint256 maxTotal,uint64 expiresAt,uint256 nonce)"
    );
    bytes32 internal constant BID_SHEET_TYPEHASH = keccak256(
        "BidSheet(bytes32 roundId,address node,uint32 slots,uint256 bond,bytes32 answersRoot,uint64 expiresAt)"
    );
    bytes32 internal constant AWARD_TYPEHASH = keccak256(
        "Award(bytes32 orderHash,bytes32 roundHash,address node,address payout,address creator,uint256 price,uint256 royalty)"
    );
    bytes32 internal constant RECEIPT_TYPEHASH = keccak256("Receipt(bytes32 awardHash,bytes32 resultHash)");
    bytes32 internal constant ACCEPTANCE_TYPEHASH =
        keccak256("Acceptance(bytes32 orderHash,bytes32 resultHash,uint256 price)");
    bytes32 internal constant NODE_CONSENT_TYPEHASH =
        keccak256("NodeConsent(address node,address provider,uint256 nonce,uint64 expiresAt)");

    bytes32 internal constant AWARD_BATCH_TYPEHASH = keccak256("AwardBatch(bytes32[] awards)");

    /// @notice The leaf value of an answer that is a bid; any other reason is a pass.
    uint8 internal constant BID_REASON = 0;

    function hashOrder(Order calldata order) internal pure returns (bytes32) {
        return keccak256(abi.encode(ORDER_TYPEHASH, order));
    }

    function hashSessionKey(SessionKey calldata session) internal pure returns (bytes32) {
        return keccak256(abi.encode(SESSION_KEY_TYPEHASH, session));
    }

    function hashBidSheet(BidSheet calldata sheet) internal pure returns (bytes32) {
        return keccak256(abi.encode(BID_SHEET_TYPEHASH, sheet));
    }

    function hashAward(Award calldata award) internal pure returns (bytes32) {
        return keccak256(abi.encode(AWARD_TYPEHASH, award));
    }

    function hashReceipt(bytes32 awardHash, bytes32 resultHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, awardHash, resultHash));
    }

    function hashAcceptance(bytes32 orderHash, bytes32 resultHash, uint256 price) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCEPTANCE_TYPEHASH, orderHash, resultHash, price));
    }

    function hashNodeConsent(address node, address provider, uint256 nonce, uint64 expiresAt)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(NODE_CONSENT_TYPEHASH, node, provider, nonce, expiresAt));
    }

    function hashAwardBatch(bytes32[] memory awards) internal pure returns (bytes32) {
        return keccak256(abi.encode(AWARD_BATCH_TYPEHASH, keccak256(abi.encodePacked(awards))));
    }

    /// @notice The leaf of a bid in its sheet's Merkle tree; hashed twice so that no inner node passes for a leaf.
    function bidLeaf(bytes32 orderHash, bytes32 agentVersion, uint256 ask, uint32 promisedSeconds)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            bytes.concat(keccak256(abi.encode(orderHash, agentVersion, ask, promisedSeconds, BID_REASON)))
        );
    }
}
