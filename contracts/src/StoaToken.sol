// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IStoaToken} from "./interfaces/IStoaToken.sol";

/// @title Stoa
/// @dev The schedule is part of the token, so no role, and no governance either, mints past it.
contract StoaToken is IStoaToken, ERC20, ERC20Permit, ERC20Votes, AccessManaged {
    /// @inheritdoc IStoaToken
    uint256 public constant INITIAL_SUPPLY = 600_000_000e18;

    /// @inheritdoc IStoaToken
    uint256 public constant FIRST_YEAR = 80_000_000e18;

    /// @inheritdoc IStoaToken
    /// @dev The initial supply and the sum of all years, 80 million / (1 - 4/5).
    uint256 public constant CAP = 1_000_000_000e18;

    /// @dev Bounds the loop; what is emitted in a hundred years is all but a fifth of a token of the cap.
    uint256 private constant YEARS = 100;

    uint256 private immutable START;

    /// @param authority The AccessManager that says who mints.
    /// @param treasury Receives the initial supply.
    constructor(address authority, address treasury)
        ERC20("Stoa", "STOA")
        ERC20Permit("Stoa")
        AccessManaged(authority)
    {
        START = block.timestamp;
        _mint(treasury, INITIAL_SUPPLY);
    }

    /// @inheritdoc IStoaToken
    function mint(address to, uint256 amount) external restricted {
        uint256 supply = totalSupply();
        uint256 scheduled = scheduledSupply(block.timestamp);
        if (amount > scheduled - supply) revert OverSchedule(supply, amount, scheduled);
        _mint(to, amount);
    }

    /// @inheritdoc IStoaToken
    function emissionStart() external view returns (uint256) {
        return START;
    }

    /// @inheritdoc IStoaToken
    function scheduledSupply(uint256 timestamp) public view returns (uint256 supply) {
        supply = INITIAL_SUPPLY;
        if (timestamp <= START) return supply;
        uint256 elapsed = timestamp - START;
        uint256 emission = FIRST_YEAR;
        for (uint256 year = 0; year < YEARS; ++year) {
            if (elapsed < 365 days) return supply + emission * elapsed / 365 days;
            supply += emission;
            elapsed -= 365 days;
            emission = emission * 4 / 5;
        }
    }

    /// @notice Votes are counted by time, which means the same on every chain.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice How {clock} counts, by ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
