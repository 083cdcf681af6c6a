// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Who speaks for an agent
library AgentAuthority {
    /// @notice Whether `account` owns the agent or is approved for it; reverts for an agent that does not exist.
    function speaksFor(IERC721 registry, uint256 agentId, address account) internal view returns (bool) {
        address owner = registry.ownerOf(agentId);
        return account == owner || registry.isApprovedForAll(owner, account) || registry.getApproved(agentId) == account;
    }
}
