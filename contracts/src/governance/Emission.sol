// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEmission} from "../interfaces/IEmission.sol";
import {IStoaToken} from "../interfaces/IStoaToken.sol";

/// @title The minter of the market's token
/// @dev How much is due is the token's own schedule; this contract only knows to whom. Governance can replace it.
contract Emission is IEmission, AccessManaged {
    IStoaToken private immutable TOKEN;

    address private _receiver;

    constructor(address authority, IStoaToken stoa, address firstReceiver) AccessManaged(authority) {
        TOKEN = stoa;
        _name(firstReceiver);
    }

    /// @inheritdoc IEmission
    function release() external returns (uint256 amount) {
        amount = due();
        if (amount == 0) revert NothingDue();
        _release(amount);
    }

    /// @inheritdoc IEmission
    function setReceiver(address next) external restricted {
        uint256 amount = due();
        if (amount != 0) _release(amount);
        _name(next);
    }

    /// @inheritdoc IEmission
    function receiver() external view returns (address) {
        return _receiver;
    }

    /// @inheritdoc IEmission
    function token() external view returns (address) {
        return address(TOKEN);
    }

    /// @inheritdoc IEmission
    function due() public view returns (uint256) {
        return TOKEN.scheduledSupply(block.timestamp) - IERC20(address(TOKEN)).totalSupply();
    }

    function _release(uint256 amount) private {
        emit Released(_receiver, amount);
        TOKEN.mint(_receiver, amount);
    }

    function _name(address next) private {
        if (next == address(0)) revert ZeroReceiver();
        emit ReceiverChanged(_receiver, next);
        _receiver = next;
    }
}
