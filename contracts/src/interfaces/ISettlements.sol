// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";

/// @title Settlement of signed orders
/// @notice Money moves by what requester, node and operator signed, whoever submits it: an order and its acceptance,
/// or an order and a claim nobody challenged. A signed award alone never pays.
interface ISettlements {
    enum Signed {
        Order,
        SessionKey,
        NodeAward,
        OperatorAward,
        BidSheet,
        Receipt,
        Acceptance,
        NodeConsent,
        AwardBatch
    }

    /// @notice Everything that shows that an order is owed for. The receipt and the acceptance are not carried: their
    /// fields follow from the rest.
    struct Settlement {
        TypedData.Order order;
        bytes orderSignature;
        /// @dev Read only when `sessionSignature` is not empty.
        TypedData.SessionKey session;
        /// @dev The wallet's; empty when the wallet signed the order itself.
        bytes sessionSignature;
        TypedData.Award award;
        bytes nodeSignature;
        bytes operatorSignature;
        TypedData.BidSheet sheet;
        bytes sheetSignature;
        bytes32 agentVersion;
        uint256 ask;
        uint32 promisedSeconds;
        bytes32[] proof;
        bytes32 resultHash;
        bytes receiptSignature;
        /// @dev Empty for a claim, and for the settlement of a claim.
        bytes acceptanceSignature;
        /// @dev Payment, royalty and fee together.
        uint256 charge;
    }

    event Settled(
        bytes32 indexed orderHash,
        address indexed requester,
        address indexed node,
        uint256 payment,
        uint256 royalty,
        uint256 fee
    );
    /// @notice An item of `submitter`'s batch did not settle; `reason` is the revert data `settleOne` gave.
    /// @dev Anyone can make this be emitted for any order: it says nothing about the order itself.
    event SettlementSkipped(bytes32 indexed orderHash, address indexed submitter, bytes reason);

    error SettleByPassed(uint64 settleBy, uint256 nowAt);
    error WrongSigner(Signed what, address expected, address actual);
    error WrongOperator(address expected, address actual);
    error AwardForOtherOrder(bytes32 expected, bytes32 actual);
    error SheetOfOtherNode(address expected, address actual);
    error BidNotInSheet(bytes32 answersRoot, bytes32 leaf);
    error AwardVoided(bytes32 awardHash);
    error PaymentUnderAsk(uint256 payment, uint256 ask);
    error RoyaltyOverCap(uint256 royalty, uint256 cap);
    error RoyaltyOverPrice(uint256 royalty, uint256 price);
    error FeeOverCap(uint16 feeBps, uint16 capBps);
    error WrongCharge(uint256 expected, uint256 actual);
    error ChargeOverMaximum(uint256 charge, uint256 maxPrice);
    error OutOfGas();

    /// @notice Settles each item or skips it with `SettlementSkipped`.
    function settle(Settlement[] calldata items) external;

    /// @notice Settles one item or reverts with the reason.
    function settleOne(Settlement calldata item) external;

    /// @notice Whether one settlement paid these awards (EIP-712 digests), in this order and no others; zero stands where
    /// it skipped one. Settled the long way, an award is paid alone.
    function arePaid(bytes32[] calldata awards) external view returns (bool);

    /// @notice Whether the award with this EIP-712 digest was slashed or ruled against, and so pays no more.
    function voided(bytes32 awardHash) external view returns (bool);

    /// @notice The contract that judges a settlement's messages for this vault; made with the vault, the same for good.
    function evidence() external view returns (address);
}
