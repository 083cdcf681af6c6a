// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IEmission} from "../src/interfaces/IEmission.sol";
import {IStoaToken} from "../src/interfaces/IStoaToken.sol";
import {Emission} from "../src/governance/Emission.sol";
import {StoaToken} from "../src/StoaToken.sol";
import {vm} from "./Vm.sol";

contract StoaTokenTest {
    uint256 private constant START = 1_800_000_000;
    uint64 private constant MINTER = 5;
    address private constant TREASURY = address(0x7EA);
    address private constant REWARDS = address(0x9E3);
    address private constant STRANGER = address(0x5798);
    address private constant HOLDER = address(0x401D);
    uint256 private constant HOLDER_KEY = 0x0B;

    AccessManager private authority;
    StoaToken private token;
    Emission private emission;

    error Unequal(uint256 actual, uint256 expected);

    function setUp() public {
        vm.warp(START);
        authority = new AccessManager(address(this));
        token = new StoaToken(address(authority), TREASURY);
        emission = new Emission(address(authority), token, REWARDS);
        bytes4[] memory mint = new bytes4[](1);
        mint[0] = StoaToken.mint.selector;
        authority.setTargetFunctionRole(address(token), mint, MINTER);
        authority.grantRole(MINTER, address(emission), 0);
    }

    function test_the_treasury_gets_the_initial_supply_and_nothing_more_is_due_at_first() public {
        _equal(token.balanceOf(TREASURY), 600_000_000e18);
        _equal(token.totalSupply(), token.INITIAL_SUPPLY());
        _equal(token.emissionStart(), START);
        _equal(emission.due(), 0);
        vm.expectRevert(IEmission.NothingDue.selector);
        emission.release();
    }

    function test_a_year_emits_four_fifths_of_the_year_before_evenly_over_its_seconds() public view {
        uint256 year = 365 days;
        uint256 supply = token.INITIAL_SUPPLY();
        _equal(token.scheduledSupply(0), supply);
        _equal(token.scheduledSupply(START), supply);
        _equal(token.scheduledSupply(START + year / 4), supply + 20_000_000e18);
        _equal(token.scheduledSupply(START + year), supply + 80_000_000e18);
        _equal(token.scheduledSupply(START + year + year / 2), supply + 112_000_000e18);
        _equal(token.scheduledSupply(START + 2 * year), supply + 144_000_000e18);
        _equal(token.scheduledSupply(START + 3 * year), supply + 195_200_000e18);
    }

    function test_the_schedule_ends_below_the_cap() public view {
        uint256 last = token.scheduledSupply(START + 100 * 365 days);
        _equal(token.scheduledSupply(type(uint256).max), last);
        if (last >= token.CAP() || token.CAP() - last > 1e18) revert Unequal(last, token.CAP());
    }

    function test_anyone_releases_what_is_due_and_only_the_receiver_gets_it() public {
        vm.warp(START + 365 days);
        vm.expectEmit();
        emit IEmission.Released(REWARDS, 80_000_000e18);
        vm.prank(STRANGER);
        _equal(emission.release(), 80_000_000e18);
        vm.snapshotGasLastCall("release, first");
        _equal(token.balanceOf(REWARDS), 80_000_000e18);
        _equal(token.balanceOf(STRANGER), 0);
        vm.expectRevert(IEmission.NothingDue.selector);
        emission.release();
    }

    function test_what_was_due_before_another_receiver_is_named_goes_to_the_one_before() public {
        vm.warp(START + 365 days / 2);
        vm.expectEmit();
        emit IEmission.ReceiverChanged(REWARDS, HOLDER);
        emission.setReceiver(HOLDER);
        _equal(token.balanceOf(REWARDS), 40_000_000e18);
        vm.warp(START + 365 days);
        emission.release();
        _equal(token.balanceOf(HOLDER), 40_000_000e18);
        emission.setReceiver(REWARDS);
        _equal(token.balanceOf(HOLDER), 40_000_000e18);
        if (emission.receiver() != REWARDS || emission.token() != address(token)) revert Unequal(0, 1);
    }

    function test_nobody_is_no_receiver() public {
        vm.expectRevert(IEmission.ZeroReceiver.selector);
        emission.setReceiver(address(0));
        vm.expectRevert(IEmission.ZeroReceiver.selector);
        new Emission(address(authority), token, address(0));
    }

    function test_a_stranger_neither_mints_nor_names_the_receiver() public {
        vm.warp(START + 365 days);
        bytes memory refused = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER);
        vm.expectRevert(refused);
        vm.prank(STRANGER);
        token.mint(STRANGER, 1);
        vm.expectRevert(refused);
        vm.prank(STRANGER);
        emission.setReceiver(STRANGER);
        vm.expectRevert(refused);
        vm.prank(STRANGER);
        token.setAuthority(STRANGER);
    }

    function test_governance_with_every_role_mints_nothing_past_the_schedule() public {
        authority.grantRole(MINTER, address(this), 0);
        vm.warp(START + 365 days);
        uint256 supply = token.totalSupply();
        uint256 scheduled = token.scheduledSupply(block.timestamp);
        vm.expectRevert(
            abi.encodeWithSelector(IStoaToken.OverSchedule.selector, supply, scheduled - supply + 1, scheduled)
        );
        token.mint(STRANGER, scheduled - supply + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IStoaToken.OverSchedule.selector, supply, type(uint256).max, scheduled)
        );
        token.mint(STRANGER, type(uint256).max);
        token.mint(STRANGER, scheduled - supply);
        _equal(emission.due(), 0);
    }

    function test_votes_follow_the_tokens_and_are_counted_by_time() public {
        _equal(token.clock(), START);
        if (keccak256(bytes(token.CLOCK_MODE())) != keccak256("mode=timestamp")) revert Unequal(0, 1);
        vm.prank(HOLDER);
        token.delegate(HOLDER);
        vm.prank(TREASURY);
        token.transfer(HOLDER, 100e18);
        _equal(token.getVotes(HOLDER), 100e18);
        vm.warp(START + 10);
        vm.prank(HOLDER);
        token.transfer(TREASURY, 40e18);
        _equal(token.getVotes(HOLDER), 60e18);
        _equal(token.getPastVotes(HOLDER, START + 9), 100e18);
        _equal(token.getPastTotalSupply(START + 9), 600_000_000e18);
    }

    function test_a_signature_lets_another_spend_once() public {
        address owner = vm.addr(HOLDER_KEY);
        vm.prank(TREASURY);
        token.transfer(owner, 5e18);
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                address(this),
                5e18,
                0,
                START + 1
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(HOLDER_KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
        token.permit(owner, address(this), 5e18, START + 1, v, r, s);
        token.transferFrom(owner, HOLDER, 5e18);
        _equal(token.nonces(owner), 1);
        _equal(token.balanceOf(HOLDER), 5e18);
        vm.expectRevert();
        token.permit(owner, address(this), 5e18, START + 1, v, r, s);
    }

    function testFuzz_the_schedule_only_grows_and_stays_below_the_cap(uint256 earlier, uint256 later) public view {
        earlier = earlier % 150 * 365 days + earlier % 365 days + START;
        later = earlier + later % 1_000 days;
        uint256 before = token.scheduledSupply(earlier);
        uint256 after_ = token.scheduledSupply(later);
        if (after_ < before || after_ >= token.CAP()) revert Unequal(after_, before);
        // No second emits more than the first year's share of it.
        if (after_ - before > (later - earlier) * token.FIRST_YEAR() / 365 days + 1) revert Unequal(after_, before);
    }

    function testFuzz_whenever_it_is_released_the_sum_is_the_schedule(uint32[8] calldata waits) public {
        uint256 clock = START;
        for (uint256 i = 0; i < waits.length; ++i) {
            clock += waits[i];
            vm.warp(clock);
            if (emission.due() != 0) emission.release();
            _equal(token.totalSupply(), token.scheduledSupply(clock));
        }
    }

    function _equal(uint256 actual, uint256 expected) private pure {
        if (actual != expected) revert Unequal(actual, expected);
    }
}
