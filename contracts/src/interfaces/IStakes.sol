// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";

/// @title Stakes
/// @notice What a provider stands to lose for one of its nodes. A stake comes from the provider's wallet, never from
/// its account: an account's money may be promised to open orders.
interface IStakes {
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

    event Staked(address indexed provider, address indexed node, address indexed token, uint256 amount);
    event UnstakeRequested(
        address indexed provider, address indexed node, address indexed token, uint256 amount, uint256 unlockAt
    );
    event UnstakeCompleted(address indexed provider, address indexed node, address indexed token, uint256 amount);
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

    error OnlyOperator(address caller);
    error InsufficientStake(uint256 available, uint256 needed);
    error NothingUnstaking(address provider, address node, address token);
    error DamagesOverBond(uint256 damages, uint256 bond);
    error BondsExhausted(bytes32 sheetHash, uint256 slashed, uint256 bonds);
    error RequesterShareOverDamages(uint256 toRequester, uint256 damages);
    error AlreadySlashed(bytes32 awardHash);
    error AwardIsClaimed(bytes32 awardHash);
    error SlashTooLate(uint256 until, uint256 nowAt);

    /// @notice Stakes `amount` of `token` from the caller's wallet for `node`.
    function stake(address node, address token, uint256 amount) external;

    /// @notice Starts taking `amount` back. A further request adds to what waits and starts the delay anew.
    function requestUnstake(address node, address token, uint256 amount) external;

    /// @notice Pays out to `provider`'s wallet what waited its delay; anyone may call it.
    function completeUnstake(address provider, address node, address token) external;

    /// @notice Voids an award whose node failed it and takes the damages from `provider`'s stake for that node:
    /// `toRequester` first, the rest to the fault pool, as far as the stake goes. Once per award, at most the sheet's
    /// bond per award and its bonds per sheet. Never for a settled order, nor while a claim on the award stands:
    /// whether a claimed result is owed for is the arbiter's to say.
    function slash(SlashEvidence calldata evidence, address provider, uint256 damages, uint256 toRequester) external;

    /// @notice What is staked, what of it waits to be taken back, and the second from which it can be.
    function stakeOf(address provider, address node, address token)
        external
        view
        returns (uint256 staked, uint256 unstaking, uint256 unlockAt);
}
