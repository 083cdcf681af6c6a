// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Failed awards, as the contract of stakes reports them to its vault
interface IFailedAwards {
    error OnlyNodes(address caller);
    error AwardIsClaimed(bytes32 awardHash);

    /// @notice Voids an award and takes `damages` of `token` from the stakes: up to `toRequester` of what arrives goes
    /// to the requester's account, the rest to the fault pool's. Only for the vault's own contract of stakes, and
    /// never for a settled order, nor while a claim on the award stands.
    /// @return requesterGot What the requester's account was credited.
    /// @return faultPoolGot What the fault pool's account was credited.
    function voidAward(
        bytes32 orderHash,
        bytes32 awardHash,
        address requester,
        uint256 nonce,
        address token,
        uint256 damages,
        uint256 toRequester
    ) external returns (uint256 requesterGot, uint256 faultPoolGot);

    /// @notice The contract that holds the stakes behind this vault's awards; made with the vault, the same for good.
    function nodes() external view returns (address);
}
