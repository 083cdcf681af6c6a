// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRuledStakes} from "../../src/interfaces/IRuledStakes.sol";

/// @title Stakes that one contract's rulings reach, and nothing else of a nodes' registry
contract RuledStakesHarness is IRuledStakes {
    address private _ruler;
    mapping(address provider => mapping(address node => mapping(address token => uint256))) public stakeOf;

    error OnlyRuler(address caller);

    function setRuler(address ruler) external {
        _ruler = ruler;
    }

    function stake(address node, address token, uint256 amount) external {
        stakeOf[msg.sender][node][token] += amount;
        IERC20(token).transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IRuledStakes
    function slashByRuling(address provider, address node, address token, uint256 damages, address to)
        external
        returns (uint256 taken)
    {
        if (msg.sender != _ruler) revert OnlyRuler(msg.sender);
        taken = Math.min(stakeOf[provider][node][token], damages);
        stakeOf[provider][node][token] -= taken;
        IERC20(token).transfer(to, taken);
    }
}
