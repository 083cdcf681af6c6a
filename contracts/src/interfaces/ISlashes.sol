// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";
import {IRuledStakes} from "./IRuledStakes.sol";

/// @title What takes a stake: a failed award, a ruling, a proven conflict
/// @notice Each reaches what waits to be unstaked as well, and never more than there is. None asks whether the node is
/// registered, nor whether there is a pause.
interface ISlashes is IRuledStakes {
    /// @notice The proof that a node's bid won an order and so puts the node's bond at stake.
    struct SlashEvidence {
        TypedData.Order order;
        TypedData.Award award;
        /// @dev Empty when the node never signed the award: its bid binds it.
        bytes nodeSignature;
        TypedData.BidSheet sheet;
        bytes sheetSignature;
        bytes32 agentVersion;
        uint256 ask;
        uint32 promisedSeconds;
        bytes32[] proof;
    }

    /// @notice An award was voided and its node's stake paid for it; an amount is 0 where nothing was owed or left.
    event Slashed(
        bytes32 indexed orderHash,
        bytes32 indexed awardHash,
        address indexed node,
        address provider,
        address requester,
        address token,
        uint256 toRequester,
        uint256 toFaultPool
    );
    event SlashedByRuling(
        address indexed provider, address indexed node, address indexed token, uint256 amount, address to
    );
    /// @notice A node's key signed two messages that contradict each other; `toReporter` is part of `amount`.
    event SlashedForConflict(
        address indexed provider,
        address indexed node,
        address indexed token,
        uint256 amount,
        bytes32 conflict,
        address reporter,
        uint256 toReporter
    );

    error OnlyOperator(address caller);
    error DamagesOverBond(uint256 damages, uint256 bond);
    error BondsExhausted(bytes32 sheetHash, uint256 slashed, uint256 bonds);
    error RequesterShareOverDamages(uint256 toRequester, uint256 damages);
    error AlreadySlashed(bytes32 awardHash);
    error SlashTooLate(uint256 until, uint256 nowAt);
    error NoConflict();
    error AlreadyPunished(bytes32 conflict, address provider, address token);
    error NothingToTake(address provider, address node, address token);

    /// @notice Voids an award whose node failed it and takes the damages from `provider`'s stake for that node:
    /// `toRequester` first, the rest to the fault pool, as far as the stake goes. Once per award, at most the sheet's
    /// bond per award and its bonds per sheet. Never for a settled order, nor while a claim on the award stands:
    /// whether a claimed result is owed for is the arbiter's to say. Only for the vault's operator.
    function slash(SlashEvidence calldata evidence, address provider, uint256 damages, uint256 toRequester) external;

    /// @notice Proves that `node` signed two results for one award, and takes the conflict's share of `provider`'s
    /// stake for it. Once per award, provider and token; anyone may report.
    function reportResults(
        address provider,
        address node,
        address token,
        bytes32 awardHash,
        bytes32[2] calldata resultHashes,
        bytes[2] calldata signatures
    ) external;

    /// @notice Proves that a node signed two sheets with different answers for one round, and takes the conflict's
    /// share of `provider`'s stake for it. Once per round, provider and token; anyone may report.
    function reportSheets(
        address provider,
        address token,
        TypedData.BidSheet[2] calldata sheets,
        bytes[2] calldata signatures
    ) external;

    /// @notice Whether an award was slashed.
    function slashed(bytes32 awardHash) external view returns (bool);
}
