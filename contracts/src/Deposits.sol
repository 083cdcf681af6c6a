// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAccounts} from "./interfaces/IAccounts.sol";
import {IDeposits} from "./interfaces/IDeposits.sol";
import {IWrapper} from "./interfaces/IWrapper.sol";

/// @title Deposits by permit and of a chain's own coin
/// @dev Has no pause of its own: the vault's stops it.
contract Deposits is IDeposits, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    address private immutable VAULT;
    address private immutable WRAPPER;

    constructor(address vault_, address wrapper_) {
        if (vault_ == address(0) || wrapper_ == address(0)) revert ZeroAddress();
        VAULT = vault_;
        WRAPPER = wrapper_;
    }

    /// @inheritdoc IDeposits
    function depositWithPermit(
        address owner,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        // Whoever saw the permit on its way may have shown it first; and a token that knows no permits may not say so.
        try IERC20Permit(token).permit(owner, address(this), amount, deadline, v, r, s) {} catch {}
        uint256 allowance = IERC20(token).allowance(owner, address(this));
        if (allowance != amount) revert NotPermitted(owner, token, allowance, amount);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(owner, address(this), amount);
        // A token may take a fee of its own.
        _depositFor(owner, token, IERC20(token).balanceOf(address(this)) - before);
    }

    /// @inheritdoc IDeposits
    function depositNative(address owner) external payable nonReentrant {
        IWrapper(WRAPPER).deposit{value: msg.value}();
        _depositFor(owner, WRAPPER, msg.value);
    }

    /// @inheritdoc IDeposits
    function vault() external view returns (address) {
        return VAULT;
    }

    /// @inheritdoc IDeposits
    function wrapper() external view returns (address) {
        return WRAPPER;
    }

    function _depositFor(address owner, address token, uint256 amount) private {
        IERC20(token).forceApprove(VAULT, amount);
        IAccounts(VAULT).depositFor(owner, token, amount);
    }
}
