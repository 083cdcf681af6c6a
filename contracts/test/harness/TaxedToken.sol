// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that keeps a part of every transfer
contract TaxedToken is ERC20 {
    uint256 private _taxBps;

    constructor(uint256 taxBps) ERC20("Taxed", "TAX") {
        _taxBps = taxBps;
    }

    function setTax(uint256 taxBps) external {
        _taxBps = taxBps;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) _burn(to, amount * _taxBps / 10_000);
    }
}
