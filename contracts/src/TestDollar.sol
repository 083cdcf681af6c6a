// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title A test stable coin
/// @notice Anyone mints as much as they like: for local chains and tests only, it is worth nothing.
/// @dev Has what the market uses of a real dollar coin: six decimals, EIP-2612 and EIP-3009.
contract TestDollar is ERC20, ERC20Permit, ERC3009 {
    constructor() ERC20("Test Dollar", "tUSD") ERC20Permit("Test Dollar") {}

    /// @notice Mints `amount` (in millionths of a dollar) to `to`.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @inheritdoc ERC20
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
