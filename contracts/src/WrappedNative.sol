// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IWrapper} from "./interfaces/IWrapper.sol";

/// @title A chain's own coin as a token, one for one
/// @notice For chains where nobody has deployed one: elsewhere the market uses the one everybody uses.
/// @dev Nobody owns it, and no more of it is ever out than it holds.
contract WrappedNative is IWrapper, ERC20, ERC20Permit {
    event Deposit(address indexed owner, uint256 amount);
    event Withdrawal(address indexed owner, uint256 amount);

    constructor() ERC20("Wrapped Native", "WNATIVE") ERC20Permit("Wrapped Native") {}

    /// @notice As `deposit`.
    receive() external payable {
        deposit();
    }

    /// @inheritdoc IWrapper
    function deposit() public payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    /// @inheritdoc IWrapper
    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }
}
