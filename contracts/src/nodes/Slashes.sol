// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRuledStakes} from "../interfaces/IRuledStakes.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {ISlashes} from "../interfaces/ISlashes.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {FailedAwardSlashes} from "./FailedAwardSlashes.sol";
import {Rewards} from "./Rewards.sol";

/// @title What a ruling and a proven conflict take from a stake
abstract contract Slashes is FailedAwardSlashes, Rewards {
    using SafeERC20 for IERC20;

    address private immutable FAULT_POOL;

    mapping(bytes32 conflict => mapping(address provider => mapping(address token => bool))) private _punished;

    constructor(address faultPool) {
        FAULT_POOL = faultPool;
    }

    /// @inheritdoc IRuledStakes
    function slashByRuling(address provider, address node, address token, uint256 damages, address to)
        external
        restricted
        nonReentrant
        returns (uint256 taken)
    {
        if (to == address(0)) revert ZeroAddress();
        taken = _takeStake(provider, node, token, damages);
        emit SlashedByRuling(provider, node, token, taken, to);
        if (taken != 0) IERC20(token).safeTransfer(to, taken);
    }

    /// @inheritdoc ISlashes
    function reportResults(
        address provider,
        address node,
        address token,
        bytes32 awardHash,
        bytes32[2] calldata resultHashes,
        bytes[2] calldata signatures
    ) external nonReentrant {
        if (resultHashes[0] == resultHashes[1]) revert NoConflict();
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 digest = _digest(TypedData.hashReceipt(awardHash, resultHashes[i]));
            Signers.requireSigner(ISettlements.Signed.Receipt, node, digest, signatures[i]);
        }
        _punish(keccak256(abi.encode(ISettlements.Signed.Receipt, node, awardHash)), provider, node, token);
    }

    /// @inheritdoc ISlashes
    function reportSheets(
        address provider,
        address token,
        TypedData.BidSheet[2] calldata sheets,
        bytes[2] calldata signatures
    ) external nonReentrant {
        (address node, bytes32 roundId) = (sheets[0].node, sheets[0].roundId);
        if (
            sheets[1].node != node || sheets[1].roundId != roundId
                || sheets[0].answersRoot == sheets[1].answersRoot
        ) revert NoConflict();
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 digest = _digest(TypedData.hashBidSheet(sheets[i]));
            Signers.requireSigner(ISettlements.Signed.BidSheet, node, digest, signatures[i]);
        }
        _punish(keccak256(abi.encode(ISettlements.Signed.BidSheet, node, roundId)), provider, node, token);
    }

    /// @dev Marked per stake: a report that names a worthless one leaves the others within reach.
    function _punish(bytes32 conflict, address provider, address node, address token) internal virtual {
        if (_punished[conflict][provider][token]) revert AlreadyPunished(conflict, provider, token);
        (uint256 staked, uint256 unstaking,) = stakeOf(provider, node, token);
        (uint16 stakeBps, uint16 reporterBps) = conflictShares();
        uint256 taken = (staked + unstaking) * stakeBps / BPS;
        if (taken == 0) revert NothingToTake(provider, node, token);
        _punished[conflict][provider][token] = true;
        _takeStake(provider, node, token, taken);
        uint256 toReporter = taken * reporterBps / BPS;
        _creditReward(msg.sender, token, toReporter);
        _creditReward(FAULT_POOL, token, taken - toReporter);
        emit SlashedForConflict(provider, node, token, taken, conflict, msg.sender, toReporter);
    }
}
