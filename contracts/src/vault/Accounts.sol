// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Governed} from "../governance/Governed.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {VaultParameters} from "./VaultParameters.sol";

/// @title Balances, and withdrawals that settlement still reaches
abstract contract Accounts is IAccounts, VaultParameters, Governed, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev So that a balance can be pointed at: finding its place is what a settlement repeats otherwise.
    struct Balance {
        uint256 amount;
    }

    struct Pending {
        uint256 amount;
        uint256 unlockAt;
    }

    mapping(address token => mapping(address owner => Balance)) internal _balances;
    mapping(address owner => mapping(address token => Pending)) private _pending;

    /// @inheritdoc IAccounts
    function deposit(address token, uint256 amount) external nonReentrant whenNotPaused {
        _depositFor(msg.sender, token, amount);
    }

    /// @inheritdoc IAccounts
    function depositFor(address owner, address token, uint256 amount) external nonReentrant whenNotPaused {
        _depositFor(owner, token, amount);
    }

    /// @inheritdoc IAccounts
    function depositWithAuthorization(
        address owner,
        address token,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant whenNotPaused {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC3009(token).receiveWithAuthorization(
            owner, address(this), amount, validAfter, validBefore, nonce, v, r, s
        );
        _recordDeposit(owner, token, _receivedSince(token, before));
    }

    /// @inheritdoc IAccounts
    function requestWithdrawal(address token, uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        uint256 available = _balances[token][msg.sender].amount;
        if (available < amount) revert InsufficientBalance(msg.sender, token, available, amount);
        unchecked {
            _balances[token][msg.sender].amount = available - amount;
        }
        Pending storage pending = _pending[msg.sender][token];
        pending.amount += amount;
        pending.unlockAt = block.timestamp + WITHDRAW_DELAY;
        emit WithdrawalRequested(msg.sender, token, amount, pending.unlockAt);
    }

    /// @inheritdoc IAccounts
    function cancelWithdrawal(address token) external {
        uint256 amount = _takePending(msg.sender, token);
        _balances[token][msg.sender].amount += amount;
        emit WithdrawalCancelled(msg.sender, token, amount);
    }

    /// @inheritdoc IAccounts
    function completeWithdrawal(address owner, address token) external nonReentrant {
        uint256 unlockAt = _pending[owner][token].unlockAt;
        uint256 amount = _takePending(owner, token);
        if (block.timestamp < unlockAt) revert StillLocked(unlockAt, block.timestamp);
        emit WithdrawalCompleted(owner, token, amount);
        IERC20(token).safeTransfer(owner, amount);
    }

    /// @inheritdoc IAccounts
    function balanceOf(address owner, address token) external view returns (uint256) {
        return _balances[token][owner].amount;
    }

    /// @inheritdoc IAccounts
    function pendingWithdrawal(address owner, address token) external view returns (uint256 amount, uint256 unlockAt) {
        Pending storage pending = _pending[owner][token];
        return (pending.amount, pending.unlockAt);
    }

    function _credit(address owner, address token, uint256 amount) internal {
        _balances[token][owner].amount += amount;
    }

    /// @dev What settlement can take of an account.
    function _reachable(address owner, address token) internal view returns (uint256) {
        return _balances[token][owner].amount + _pending[owner][token].amount;
    }

    /// @dev Takes from the balance first, then from what waits to be withdrawn.
    function _debit(address owner, address token, uint256 amount) internal {
        uint256 balance = _balances[token][owner].amount;
        if (amount <= balance) {
            unchecked {
                _balances[token][owner].amount = balance - amount;
            }
            return;
        }
        uint256 waiting = _pending[owner][token].amount;
        if (amount - balance > waiting) revert InsufficientBalance(owner, token, balance + waiting, amount);
        _balances[token][owner].amount = 0;
        unchecked {
            _pending[owner][token].amount = waiting - (amount - balance);
            emit WithdrawalReduced(owner, token, amount - balance);
        }
    }

    /// @dev Pulls tokens from `from` and returns what arrived: a token may take a fee of its own.
    function _pull(address from, address token, uint256 amount) internal returns (uint256) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        return _receivedSince(token, before);
    }

    function _depositFor(address owner, address token, uint256 amount) private {
        if (owner == address(0)) revert ZeroAddress();
        _recordDeposit(owner, token, _pull(msg.sender, token, amount));
    }

    function _recordDeposit(address owner, address token, uint256 received) private {
        _balances[token][owner].amount += received;
        emit Deposited(owner, token, received);
    }

    function _receivedSince(address token, uint256 before) private view returns (uint256 received) {
        received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
    }

    function _takePending(address owner, address token) private returns (uint256 amount) {
        amount = _pending[owner][token].amount;
        if (amount == 0) revert NothingPending(owner, token);
        delete _pending[owner][token];
    }
}
