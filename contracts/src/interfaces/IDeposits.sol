// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Further ways into a vault
/// @notice Holds nothing: what comes in is the owner's account in the vault in the same call. What an owner lets this
/// contract take can become that owner's deposit and nothing else.
interface IDeposits {
    error ZeroAddress();
    /// @notice There is no permit for this amount: the token refused it, and the allowance is another.
    error NotPermitted(address owner, address token, uint256 allowance, uint256 amount);

    /// @notice Deposits from `owner`'s wallet by its EIP-2612 permit for this contract; anyone may submit it and pay the
    /// gas. A permit that somebody else has shown to the token already serves as well.
    function depositWithPermit(
        address owner,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Wraps what is sent along and deposits it to `owner`'s account.
    function depositNative(address owner) external payable;

    /// @notice The vault all of it goes to.
    function vault() external view returns (address);

    /// @notice The token the chain's own coin is wrapped in.
    function wrapper() external view returns (address);
}
