// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IEntitlements} from "../interfaces/IEntitlements.sol";

/// @title What governance may set of the sale, and what it may not
abstract contract SaleParameters is IEntitlements, Governed {
    /// @inheritdoc IEntitlements
    uint16 public constant MAX_FEE_BPS = 1_000;
    /// @inheritdoc IEntitlements
    uint64 public constant MAX_REFUND_WINDOW = 30 days;

    uint256 private constant BPS = 10_000;
    /// @dev So short that no expiry overflows, however often one buys.
    uint64 private constant MAX_DURATION = 36_500 days;

    uint16 private _feeBps;
    uint64 private _minimumRefundWindow;
    address private _recipient;

    constructor(address authority, uint16 feeBps, address feeRecipient, uint64 minimumRefundWindow)
        Governed(authority)
    {
        _changeFee(feeBps);
        _changeFeeRecipient(feeRecipient);
        _changeMinimumRefundWindow(minimumRefundWindow);
    }

    /// @inheritdoc IEntitlements
    function setFee(uint16 feeBps) external restricted {
        _changeFee(feeBps);
    }

    /// @inheritdoc IEntitlements
    function setFeeRecipient(address feeRecipient) external restricted {
        _changeFeeRecipient(feeRecipient);
    }

    /// @inheritdoc IEntitlements
    function setMinimumRefundWindow(uint64 seconds_) external restricted {
        _changeMinimumRefundWindow(seconds_);
    }

    /// @inheritdoc IEntitlements
    function parameters() external view returns (uint16 feeBps, address feeRecipient, uint64 minimumRefundWindow) {
        return (_feeBps, _recipient, _minimumRefundWindow);
    }

    function _feeRecipient() internal view returns (address) {
        return _recipient;
    }

    function _feeOf(uint256 paid) internal view returns (uint256) {
        return paid * _feeBps / BPS;
    }

    function _checkTerms(Terms calldata terms) internal view {
        if (terms.token == address(0)) revert ZeroAddress();
        if (terms.price == 0) revert ZeroPrice();
        if (terms.supplyCap == 0) revert ZeroSupply();
        if (terms.duration > MAX_DURATION) revert DurationOverMaximum(terms.duration, MAX_DURATION);
        uint64 longest = MAX_REFUND_WINDOW;
        if (terms.duration != 0 && terms.duration < longest) longest = terms.duration;
        if (terms.refundWindow < _minimumRefundWindow || terms.refundWindow > longest) {
            revert RefundWindowOutOfBounds(terms.refundWindow, _minimumRefundWindow, longest);
        }
    }

    function _changeFee(uint16 feeBps) private {
        if (feeBps > MAX_FEE_BPS) revert FeeOverMaximum(feeBps, MAX_FEE_BPS);
        _feeBps = feeBps;
        emit FeeChanged(feeBps);
    }

    function _changeFeeRecipient(address feeRecipient) private {
        if (feeRecipient == address(0)) revert ZeroAddress();
        _recipient = feeRecipient;
        emit FeeRecipientChanged(feeRecipient);
    }

    function _changeMinimumRefundWindow(uint64 seconds_) private {
        if (seconds_ > MAX_REFUND_WINDOW) revert RefundWindowOutOfBounds(seconds_, 0, MAX_REFUND_WINDOW);
        _minimumRefundWindow = seconds_;
        emit MinimumRefundWindowChanged(seconds_);
    }
}
