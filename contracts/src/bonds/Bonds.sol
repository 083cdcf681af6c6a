// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Governed} from "../governance/Governed.sol";
import {IBonds} from "../interfaces/IBonds.sol";
import {IVaultParameters} from "../interfaces/IVaultParameters.sol";
import {VaultMessages} from "../nodes/VaultMessages.sol";

/// @title Bonds, and withdrawals that shortfalls still reach
abstract contract Bonds is IBonds, Governed, ReentrancyGuardTransient, VaultMessages {
    using SafeERC20 for IERC20;

    struct Bond {
        uint256 staying;
        uint256 leaving;
        uint256 unlockAt;
    }

    /// @dev The node that stands for all of them.
    address internal constant EVERY_NODE = address(0);

    address internal immutable OPERATOR;
    uint64 private immutable DELAY;

    mapping(address node => mapping(address token => Bond)) private _bonds;

    constructor(address authority, address vault_) Governed(authority) VaultMessages(vault_) {
        IVaultParameters.Parameters memory given = IVaultParameters(vault_).parameters();
        OPERATOR = given.operator;
        DELAY = given.withdrawDelay + given.challengeWindow;
    }

    /// @inheritdoc IBonds
    function post(address node, address token, uint256 amount) external nonReentrant whenNotPaused {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        // A token may take a fee of its own.
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
        _bonds[node][token].staying += received;
        emit BondPosted(node, token, msg.sender, received);
    }

    /// @inheritdoc IBonds
    function requestWithdrawal(address node, address token, uint256 amount) external {
        if (msg.sender != OPERATOR) revert OnlyOperator(msg.sender);
        if (amount == 0) revert ZeroAmount();
        Bond storage bond = _bonds[node][token];
        uint256 staying = bond.staying;
        if (amount > staying) revert BondTooSmall(node, token, staying, amount);
        uint256 unlockAt = block.timestamp + DELAY;
        bond.staying = staying - amount;
        bond.leaving += amount;
        bond.unlockAt = unlockAt;
        emit BondWithdrawalRequested(node, token, amount, unlockAt);
    }

    /// @inheritdoc IBonds
    function completeWithdrawal(address node, address token) external nonReentrant {
        Bond storage bond = _bonds[node][token];
        (uint256 amount, uint256 unlockAt) = (bond.leaving, bond.unlockAt);
        if (amount == 0) revert NothingLeaving(node, token);
        if (block.timestamp < unlockAt) revert StillLocked(unlockAt, block.timestamp);
        bond.leaving = 0;
        emit BondWithdrawn(node, token, amount);
        IERC20(token).safeTransfer(OPERATOR, amount);
    }

    /// @inheritdoc IBonds
    function bondOf(address node, address token)
        external
        view
        returns (uint256 staying, uint256 leaving, uint256 unlockAt)
    {
        Bond storage bond = _bonds[node][token];
        return (bond.staying, bond.leaving, bond.unlockAt);
    }

    /// @inheritdoc IBonds
    function vault() external view returns (address) {
        return VAULT;
    }

    /// @inheritdoc IBonds
    function operator() external view returns (address) {
        return OPERATOR;
    }

    /// @dev Takes from the node's own bond first, then from the common one.
    function _take(address node, address token, uint256 amount) internal virtual {
        uint256 ofNode = _takeUpTo(_bonds[node][token], amount);
        uint256 ofEvery = _takeUpTo(_bonds[EVERY_NODE][token], amount - ofNode);
        if (ofNode + ofEvery < amount) revert BondTooSmall(node, token, ofNode + ofEvery, amount);
    }

    /// @dev What stays before what leaves: a bond about to leave is still a bond.
    function _takeUpTo(Bond storage bond, uint256 amount) private returns (uint256 taken) {
        uint256 fromStaying = Math.min(bond.staying, amount);
        uint256 fromLeaving = Math.min(bond.leaving, amount - fromStaying);
        bond.staying -= fromStaying;
        bond.leaving -= fromLeaving;
        return fromStaying + fromLeaving;
    }
}
