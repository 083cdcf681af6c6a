// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {IRuledStakes} from "../interfaces/IRuledStakes.sol";
import {EscrowParameters} from "./EscrowParameters.sol";

/// @title How an escrow is divided, credited and pulled
abstract contract Payouts is IEscrow, EscrowParameters, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev What the slash is given; taking stake and paying it out needs a fifth of it.
    uint256 private constant SLASH_GAS = 500_000;

    mapping(uint256 escrowId => Terms) internal _terms;
    mapping(uint256 escrowId => Record) internal _records;
    mapping(address owner => mapping(address token => uint256)) private _balances;

    /// @inheritdoc IEscrow
    function withdraw(address owner, address token) external nonReentrant {
        uint256 amount = _balances[owner][token];
        if (amount == 0) revert NothingToWithdraw(owner, token);
        _balances[owner][token] = 0;
        emit Withdrawn(owner, token, amount);
        IERC20(token).safeTransfer(owner, amount);
    }

    /// @inheritdoc IEscrow
    function balanceOf(address owner, address token) external view returns (uint256) {
        return _balances[owner][token];
    }

    /// @inheritdoc IEscrow
    function amountFor(uint256 price) external view returns (uint256) {
        return price + Math.mulDiv(price, _set.feeBps, BPS);
    }

    /// @dev Ends an escrow for good: `providerBps` of its amount, less the fee in it, to the provider, the rest back.
    function _close(uint256 escrowId, State state, uint256 providerBps) internal {
        Terms storage terms = _terms[escrowId];
        Record storage record = _records[escrowId];
        record.state = state;
        uint256 share = Math.mulDiv(terms.amount, providerBps, BPS);
        // The share holds a price and, on top, the fee on it: rounded up, this undoes `amountFor` to the unit.
        uint256 toProvider = Math.mulDiv(share, BPS, BPS + record.feeBps, Math.Rounding.Ceil);
        uint256 toRequester = terms.amount - share;
        uint256 fee = share - toProvider;
        _balances[terms.provider][terms.token] += toProvider;
        _balances[terms.requester][terms.token] += toRequester;
        _balances[_set.feeRecipient][terms.token] += fee;
        emit Closed(escrowId, state, toProvider, toRequester, fee);
    }

    /// @dev Takes damages from the stake that answers for the escrow, for the requester. A stake that cannot be reached
    /// stops nothing; but nobody gets past it by sending too little gas.
    function _slash(uint256 escrowId, uint256 refundedBps) internal {
        Terms storage terms = _terms[escrowId];
        address stakes = _set.stakes;
        uint256 refunded = Math.mulDiv(terms.amount, refundedBps, BPS);
        uint256 damages = Math.mulDiv(refunded, _records[escrowId].damagesBps, BPS);
        if (terms.node == address(0) || stakes == address(0) || damages == 0) return;
        uint256 needed = SLASH_GAS + SLASH_GAS / 60;
        if (gasleft() < needed) revert TooLittleGas(gasleft(), needed);
        bytes memory call = abi.encodeCall(
            IRuledStakes.slashByRuling, (terms.provider, terms.node, terms.token, damages, terms.requester)
        );
        // A plain call: without code at the address, or with another answer, it must fail here and not revert.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory answer) = stakes.call{gas: SLASH_GAS}(call);
        if (success && answer.length == 32) {
            emit StakeSlashed(escrowId, terms.node, damages, abi.decode(answer, (uint256)));
        } else {
            emit SlashFailed(escrowId, terms.node, damages);
        }
    }

    /// @dev Pulls tokens from the caller and returns what arrived: a token may take a fee of its own.
    function _pull(address token, uint256 amount) internal returns (uint256 received) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
    }
}
