// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that does what tokens should not
contract AwkwardDollar is ERC20 {
    uint256 private _feeBps;
    address private _blocked;
    address private _called;
    bytes private _with;

    error Blocked(address receiver);

    constructor() ERC20("Awkward Dollar", "aUSD") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev Keeps a part of every transfer.
    function takeFee(uint256 feeBps) external {
        _feeBps = feeBps;
    }

    /// @dev Sends nothing to `receiver`.
    function block_(address receiver) external {
        _blocked = receiver;
    }

    /// @dev Calls `target` in the middle of every transfer, and fails when it does.
    function callBack(address target, bytes calldata data) external {
        (_called, _with) = (target, data);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (to == _blocked && to != address(0)) revert Blocked(to);
        uint256 fee = from == address(0) || to == address(0) ? 0 : amount * _feeBps / 10_000;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0), fee);
        if (_called == address(0) || from == address(0)) return;
        (bool success, bytes memory reason) = _called.call(_with);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }
}
